package dev.channels.server;

import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends to one session in the way that its server takes best. It keeps no order of its own: its
 * caller sends no more at once than {@link #maxInFlight()} and {@link #maxInFlightBytes()}, one
 * thread at a time, and closes when nothing is in flight. All other methods may be called by any
 * thread, beside a send.
 */
public interface SessionRemote {

    /**
     * Returns how many sends may be in flight at once. Where it is one, a {@link #ping} counts as
     * one, and may block for as long as the client does not read.
     *
     * @return from 1 up
     */
    int maxInFlight();

    /**
     * Returns how many bytes may be in flight at once, in one send any number.
     *
     * @return from 1 up
     */
    long maxInFlightBytes();

    /**
     * Tells whether a send may block while its client does not read. Few threads do so at once.
     *
     * @return the same each time
     */
    boolean mayBlock();

    /**
     * Begins to send a text message.
     *
     * @param text the message
     * @param size how many bytes it has, about
     * @param result called once when the send has ended, within this method or later, on any
     *     thread; not if this method throws
     */
    void sendText(String text, int size, SendHandler result);

    /**
     * Begins to send a binary message.
     *
     * @param data the message, from its position to its limit; may be read-only
     * @param result as above
     */
    void sendBinary(ByteBuffer data, SendHandler result);

    /**
     * Asks the client for a sign of life, unless one is awaited.
     *
     * @throws IOException if the connection is gone
     */
    void ping() throws IOException;

    /**
     * Tells whether the client owes a sign of life.
     *
     * @return true if it was asked and has not answered
     */
    boolean isUnanswered();

    /**
     * Tells whether the connection is there, as far as the server knows.
     *
     * @return false only if nothing can be sent any more
     */
    boolean isOpen();

    /**
     * Closes the session, with nothing in flight; that may take until its client has answered.
     *
     * @param reason for the client
     */
    void close(CloseReason reason);

    /**
     * Closes the session although a send is in flight. May block for seconds.
     *
     * @param reason for the client, which may not get it
     */
    void giveUp(CloseReason reason);

    /**
     * Tells whether a session that was closed still has its connection, as far as it is known.
     *
     * @return false where that cannot be told
     */
    boolean isConnected();

    /**
     * Ends the connection at once, whatever is still to be written, where the server lets us. Right
     * behind a close it may leave its client the time to read that, and wants to be asked again.
     */
    void terminate();
}
