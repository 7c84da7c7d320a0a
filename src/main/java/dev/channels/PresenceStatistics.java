package dev.channels;

/**
 * How many clients are there in a channel, over all nodes.
 *
 * @param clients how many connections
 * @param users how many different names their callers have; all anonymous ones together count as
 *     one
 */
public record PresenceStatistics(int clients, int users) {}
