package dev.channels.cdi.jmx;

/** What JMX shows of the plugin of one application; see {@link dev.channels.ChannelsStatistics}. */
public interface ChannelsMXBean {

    /**
     * Returns where the application is in its life.
     *
     * @return starting, open, draining or stopped
     */
    String getPhase();

    /**
     * Returns the backend.
     *
     * @return its name in the configuration
     */
    String getBackend();

    /**
     * Tells whether the broker can be reached.
     *
     * @return true until an outage is told
     */
    boolean isBrokerUp();

    /**
     * Counts the open connections of all doors.
     *
     * @return the number now
     */
    int getConnections();

    /**
     * Counts the subscribers.
     *
     * @return the number now
     */
    int getSubscribers();

    /**
     * Counts the publishes that wait for the broker.
     *
     * @return the number now
     */
    int getWaitingPublishes();

    /**
     * Counts the publishes that the broker accepted.
     *
     * @return the count
     */
    long getPublished();

    /**
     * Counts the publishes that failed.
     *
     * @return the count
     */
    long getPublishFailures();

    /**
     * Counts the events that came from the backend.
     *
     * @return the count
     */
    long getReceived();

    /**
     * Counts the events that came again.
     *
     * @return the count
     */
    long getDuplicates();

    /**
     * Counts the events that found a backlog full.
     *
     * @return the count
     */
    long getDropped();

    /**
     * Counts the events that waited in a backlog when its stream ended early.
     *
     * @return the count
     */
    long getDiscarded();

    /**
     * Counts the events that a consumer could not take.
     *
     * @return the count
     */
    long getSkipped();

    /**
     * Counts the gaps.
     *
     * @return the count
     */
    long getGaps();

    /**
     * Counts how often the history of a channel was read from the broker.
     *
     * @return the count
     */
    long getHistoryReads();

    /**
     * Counts how often code of the application threw.
     *
     * @return the count
     */
    long getApplicationFailures();

    /**
     * Sends a client away, whichever door it came to. A client of the client endpoint stays away;
     * an {@code EventSource} comes back by itself.
     *
     * @param id of its connection
     * @return false if there is no such client on this node
     */
    boolean disconnectClient(String id);

    /**
     * Deletes the history of a channel on all nodes. Who follows the channel is told of a gap, and
     * so is who comes back to it; what is published from now on is kept again.
     *
     * @param channel its name
     * @return false if the backend keeps no history
     * @throws IllegalStateException if there is no such channel, if the broker cannot be reached,
     *     or has not answered in ten seconds: it may still do it then
     */
    boolean forgetChannel(String channel);
}
