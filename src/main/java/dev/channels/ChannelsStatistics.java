package dev.channels;

/**
 * A reading of the plugin's counters. Counters only grow while the plugin exists; they are read one
 * after another, not as one snapshot. A reading does not change any more, and may be used by any
 * thread.
 *
 * <p>Later versions may count more: do not implement this interface.
 */
public interface ChannelsStatistics {

    /**
     * Returns how many publishes the broker accepted.
     *
     * @return the count
     */
    long published();

    /**
     * Returns how many publishes failed, for whatever reason.
     *
     * @return the count
     */
    long publishFailures();

    /**
     * Returns how many events came from the backend, duplicates not counted.
     *
     * @return the count
     */
    long received();

    /**
     * Returns how many events came again from the backend and were left out by their position.
     *
     * @return the count
     */
    long duplicates();

    /**
     * Returns how many events were dropped because a subscriber's backlog was full, counted per
     * subscriber.
     *
     * @return the count
     */
    long dropped();

    /**
     * Returns how many events waited in a backlog when its stream ended early: the consumer failed
     * or was cancelled, the subscriber was stopped without joining, or the time to stop was over.
     *
     * @return the count
     */
    long discarded();

    /**
     * Returns how many events a consumer could not take: a callback threw, or the payload was no
     * text.
     *
     * @return the count
     */
    long skipped();

    /**
     * Returns how often a gap was signalled.
     *
     * @return the count
     */
    long gaps();

    /**
     * Returns how often the history of a channel was read from the broker. Equal reads at one time
     * are one, and what this node remembers of a channel costs none: so it grows much slower than
     * the number of clients that come back. The memory backend remembers all itself; there each
     * read counts, and is a look into this JVM.
     *
     * @return the count
     */
    long historyReads();

    /**
     * Returns how often a subscriber class or a listener threw.
     *
     * @return the count
     */
    long applicationFailures();

    /**
     * Returns how often clients were refused.
     *
     * @return the counts, by what refused them
     */
    Refusals refusals();

    /**
     * Returns how many subscribers there are.
     *
     * @return the number at the time of the reading
     */
    int subscribers();

    /**
     * Returns how many publishes wait for the broker.
     *
     * @return the number at the time of the reading
     */
    int waitingPublishes();
}
