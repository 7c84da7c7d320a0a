package dev.channels.endpoint.connection;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection is closed, as its client is told.
 *
 * @param code the close code of WebSocket (RFC 6455, section 7.4), or one of the door's own
 * @param reason in words, at most 123 bytes
 */
public record Ending(int code, String reason) {

    /** The stream has ended, for no reason of its own. */
    private static final Ending OVER = new Ending(1001, "The stream has ended");

    /** The stream has failed, and the log says why. */
    private static final Ending FAILED = new Ending(1011, "Events cannot be sent");

    /** The backlog was full, and the configuration has it so that it ends the stream then. */
    private static final Ending TOO_SLOW = new Ending(1013, "The client reads too slowly");

    /** The application stops. */
    public static final Ending STOPPING = new Ending(1001, "The application is stopping");

    /** The client does not read what it is sent. */
    public static final Ending NOT_READING = new Ending(1008, "The client does not read");

    /** The client has left without a word, and will hardly hear of this. */
    public static final Ending GONE = new Ending(1001, "The client is gone");

    /** There are as many connections as there may be. */
    public static final Ending TOO_MANY = new Ending(1013, "There are too many connections");

    /** Clients have brought as many channels into being as they may. */
    public static final Ending TOO_MANY_CHANNELS = new Ending(1013, "There are too many channels");

    /** What let the client in holds no more. */
    public static final Ending EXPIRED = new Ending(1008, "The permit has ended");

    /** The identity of the caller has ended. */
    public static final Ending CALLER = new Ending(1008, "The caller's session has ended");

    /** An operator does not want the client here. */
    public static final Ending OPERATOR = new Ending(1008, "An operator has ended the connection");

    /**
     * Returns why a connection is closed whose stream has ended.
     *
     * @param failure why the stream has ended; null where it was unsubscribed
     * @return what its client is told
     */
    public static Ending of(@Nullable Throwable failure) {
        if (failure == null) {
            return OVER;
        }
        if (failure instanceof IOException) {
            return GONE;
        }
        ErrorCode code = failure instanceof ChannelsException e ? e.errorCode() : null;
        if (code == ErrorCode.NOT_RUNNING) {
            return STOPPING;
        }
        return code == ErrorCode.EVENTS_DROPPED ? TOO_SLOW : FAILED;
    }
}
