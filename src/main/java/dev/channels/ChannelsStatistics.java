package dev.channels;

/**
 * A reading of the plugin's counters. Counters only grow while the plugin exists; they are read one
 * after another, not as one snapshot.
 *
 * @param published publishes that the broker accepted
 * @param publishFailures publishes that failed, for whatever reason
 * @param received events that came from the backend, duplicates not counted
 * @param duplicates events that came again from the backend and were left out by their position
 * @param dropped events dropped because a subscriber's backlog was full, counted per subscriber
 * @param discarded events that waited in a backlog when its stream ended early: the consumer failed
 *     or was cancelled, the subscriber was stopped without joining, or the time to stop was over
 * @param skipped events that a consumer could not take: a callback threw, or the payload was no
 *     text
 * @param gaps how often a gap was signalled
 * @param applicationFailures how often a subscriber class or a listener threw
 * @param subscribers how many subscribers there are now
 * @param waitingPublishes how many publishes wait for the broker now
 */
public record ChannelsStatistics(
        long published,
        long publishFailures,
        long received,
        long duplicates,
        long dropped,
        long discarded,
        long skipped,
        long gaps,
        long applicationFailures,
        int subscribers,
        int waitingPublishes) {}
