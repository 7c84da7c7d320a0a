package dev.channels.internal.publish;

/**
 * How much may wait for the broker.
 *
 * @param maxEvents how many publishes at most
 * @param maxBytes how many bytes of payload at most; one publish may be larger
 */
public record PublishBounds(int maxEvents, long maxBytes) {}
