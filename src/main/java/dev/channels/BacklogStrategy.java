package dev.channels;

/**
 * What keeps a subscriber's backlog within its limits (backpressure).
 *
 * <p>Example: a limit of 2 events, no consumer, and the events foo, bar, baz in this order.
 *
 * <table>
 * <caption>What is left of foo, bar, baz</caption>
 * <tr><th>strategy</th><th>backlog</th><th>put(baz) answers</th></tr>
 * <tr><td>{@link #BACKOFF}</td><td>foo, bar</td><td>{@link OfferResult#DROPPED_NEWEST}</td></tr>
 * <tr><td>{@link #DROPLEFT}</td><td>bar, baz</td><td>{@link OfferResult#DROPPED_OLDEST}</td></tr>
 * <tr><td>{@link #DISCONNECT}</td><td>none</td><td>{@link OfferResult#CLOSED}</td></tr>
 * </table>
 */
public enum BacklogStrategy {

    /** Drops the new event while the backlog is full. */
    BACKOFF,

    /** Evicts the oldest events of the backlog until the new one fits. */
    DROPLEFT,

    /**
     * Ends the subscriber's stream when an event does not fit, and drops its backlog with it. A
     * WebSocket session is closed with 1013 (try again later, RFC 6455 and the IANA registry of
     * close codes), so that its client can come back and read the history.
     */
    DISCONNECT
}
