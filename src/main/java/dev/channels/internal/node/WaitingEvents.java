package dev.channels.internal.node;

/**
 * What waits for subscribers.
 *
 * @param events how many events
 * @param bytes how large they are, as the limits of backlogs count it
 */
public record WaitingEvents(long events, long bytes) {}
