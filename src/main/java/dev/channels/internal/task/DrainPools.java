package dev.channels.internal.task;

/**
 * The drain tasks of senders and those of callbacks: a callback may block, a sender does not or
 * says so, and the one must not hold up the other.
 *
 * @param senders drains to event senders
 * @param callbacks drains to the callbacks of applications
 */
public record DrainPools(DrainPool senders, DrainPool callbacks) {}
