package dev.channels;

/**
 * What a stream carries, in one order: the events of its channels, and what happens to them.
 *
 * <p>A consumer that only wants events leaves the others out. What a channel's items mean:
 *
 * <pre>
 *   Joined, event, event, Gap, event …      the channel flows; events are lost where the gap stands
 *   Refused                                 the channel could not be joined, or is lost for good
 * </pre>
 *
 * <p>All of them are immutable.
 */
public sealed interface Delivery permits ChannelEvent, Joined, Gap, Refused, Note {}
