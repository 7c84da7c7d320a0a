package dev.channels.server;

/**
 * Writes a response that goes on for long, in the way that its server takes best. Its caller writes
 * one thing at a time. All other methods may be called by any thread, beside a write.
 */
public interface ResponseRemote {

    /** What a response tells its owner; called on any thread, within a call of the response too. */
    interface Owner {

        /** What was written last begins to leave; it may have waited for writes of others. */
        void begins();

        /** What was written last has left; the next may follow. */
        void written();

        /**
         * Nothing can be written any more. May be called more than once.
         *
         * @param cause why
         */
        void failed(Throwable cause);
    }

    /**
     * Begins. Called once, by the thread of the request, as the last thing that it does.
     *
     * @param owner is told of everything
     */
    void begin(Owner owner);

    /**
     * Tells whether a write may block while its client does not read. Few threads do so at once.
     *
     * @return the same each time
     */
    boolean mayBlock();

    /**
     * Begins to write, and lets it leave at once. The owner is told when that has ended, within
     * this method or later. May be called before {@link #begin}, whose write it is then.
     *
     * @param bytes not to be changed any more
     */
    void write(byte[] bytes);

    /**
     * Tells whether the connection is there, as far as the server knows.
     *
     * @return false only if nothing can be written any more
     */
    boolean isOpen();

    /** Ends the response, with nothing in flight; the connection may serve another request. */
    void close();

    /** Ends the response although a write is in flight. May block for seconds. */
    void giveUp();

    /**
     * Tells whether a response that was given up still has its connection, as far as it is known.
     *
     * @return false where that cannot be told
     */
    boolean isConnected();

    /**
     * Ends the connection at once, whatever is still to be written, where the server lets us; not
     * one that other requests share (HTTP/2).
     */
    void terminate();
}
