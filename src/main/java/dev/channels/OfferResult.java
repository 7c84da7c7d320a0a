package dev.channels;

/** What became of an event that was offered to a subscriber. */
public enum OfferResult {

    /** It is in the backlog, or the subscriber already had it from the history. */
    ACCEPTED,

    /** It was dropped: the backlog is full and the strategy is {@link BacklogStrategy#BACKOFF}. */
    DROPPED_NEWEST,

    /**
     * It is in the backlog, and at least one older event was evicted for it: the strategy is {@link
     * BacklogStrategy#DROPLEFT}.
     */
    DROPPED_OLDEST,

    /** It was not taken: the subscriber has been stopped, or its stream has ended. */
    CLOSED
}
