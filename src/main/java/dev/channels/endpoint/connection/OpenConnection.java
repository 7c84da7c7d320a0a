package dev.channels.endpoint.connection;

import java.util.concurrent.Executor;

/**
 * One open connection, of any door, as those see it who look after them. Its methods may be called
 * by any thread, and more than once.
 */
public interface OpenConnection {

    /** What a look at a connection finds. */
    enum Health {
        /** Nothing is wrong with it, or somebody sees to its end already. */
        FINE,
        /** What is sent to it does not end. */
        STUCK,
        /** Nobody is at the other end, or the end of it was never told. */
        GONE
    }

    /**
     * Returns what names the connection.
     *
     * @return an id that no other one has, on any node; the same as in presence
     */
    String id();

    /**
     * Returns how many events wait for the client.
     *
     * @return its backlog now; 0 where that is not known
     */
    default int backlog() {
        return 0;
    }

    /**
     * Looks after the connection; asks the client for a sign of life if that is due. Does not
     * block.
     *
     * @param now the time of {@link System#nanoTime}
     * @param asking runs what may block
     * @return what was found
     */
    Health look(long now, Executor asking);

    /**
     * Ends what is behind the connection: nothing more is sent, and its stream and subscriptions
     * are over. Does not block; {@link #close} follows.
     *
     * @param ending why
     */
    void giveUp(Ending ending);

    /** Closes a connection that was given up. May block for seconds. */
    void close();

    /**
     * Tells whether a connection that was closed is still there.
     *
     * @return false where that cannot be told
     */
    boolean isConnected();

    /**
     * Ends the connection at once, where that is possible. Right behind the close it may leave its
     * client the time to read that; {@link #isConnected} stays true then, and the next call ends
     * it.
     */
    void terminate();
}
