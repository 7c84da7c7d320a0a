package dev.channels.bench.broker;

/** One way of events through a broker. Used by one thread. */
interface Route extends AutoCloseable {

    /** Publishes an event to one of the channels; it may wait for {@link #flush}. */
    void publish(int channel, byte[] payload) throws Exception;

    /**
     * Sends what was published, without waiting for an answer unless the client has no other way.
     */
    default void flush() throws Exception {}
}
