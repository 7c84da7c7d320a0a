package dev.channels.client.protocol;

/**
 * Why the server ended a connection; the code and the reason of a WebSocket's close frame.
 *
 * @param code 3000 to 4999
 * @param reason in words: at most 123 bytes, and nothing that looks like JSON
 */
public record DisconnectCode(int code, String reason) {

    /** The application stops. */
    public static final DisconnectCode SHUTDOWN = new DisconnectCode(3001, "shutdown");

    /** Something went wrong on this side. */
    public static final DisconnectCode INTERNAL = new DisconnectCode(3004, "internal server error");

    /** The client did not prove in time who it is. */
    public static final DisconnectCode EXPIRED = new DisconnectCode(3005, "connection expired");

    /** A subscription that the server made has expired. */
    public static final DisconnectCode SUBSCRIPTION_EXPIRED =
            new DisconnectCode(3006, "subscription expired");

    /** The client does not take what waits for it. */
    public static final DisconnectCode SLOW = new DisconnectCode(3008, "slow");

    /** A frame could not be sent in time. */
    public static final DisconnectCode WRITE_ERROR = new DisconnectCode(3009, "write error");

    /** The client lost events of a channel that the server subscribed it to. */
    public static final DisconnectCode INSUFFICIENT_STATE =
            new DisconnectCode(3010, "insufficient state");

    /** The application wants the client to connect anew. */
    public static final DisconnectCode FORCE_RECONNECT =
            new DisconnectCode(3011, "force reconnect");

    /** A ping was not answered. */
    public static final DisconnectCode NO_PONG = new DisconnectCode(3012, "no pong");

    /** The client asks too often. */
    public static final DisconnectCode TOO_MANY_REQUESTS =
            new DisconnectCode(3013, "too many requests");

    /** The client cannot prove who it is. */
    public static final DisconnectCode INVALID_TOKEN = new DisconnectCode(3500, "invalid token");

    /** The client does not keep the protocol. */
    public static final DisconnectCode BAD_REQUEST = new DisconnectCode(3501, "bad request");

    /**
     * The client never said connect. Not the final 3502 that others use: a client that was starved
     * for some seconds is to come back.
     */
    public static final DisconnectCode LATE = new DisconnectCode(3000, "no connect in time");

    /** The application does not want the client. */
    public static final DisconnectCode FORCE_NO_RECONNECT =
            new DisconnectCode(3503, "force disconnect");

    /** There are as many connections as there may be. */
    public static final DisconnectCode CONNECTION_LIMIT =
            new DisconnectCode(3504, "connection limit");

    /** The server made more subscriptions than a client may have. */
    public static final DisconnectCode CHANNEL_LIMIT = new DisconnectCode(3505, "channel limit");

    /** The client may not be here. */
    public static final DisconnectCode PERMISSION_DENIED =
            new DisconnectCode(3507, "permission denied");

    /** The application does not offer it. */
    public static final DisconnectCode NOT_AVAILABLE = new DisconnectCode(3508, "not available");

    /** The client made too many mistakes. */
    public static final DisconnectCode TOO_MANY_ERRORS =
            new DisconnectCode(3509, "too many errors");

    /** The least code after which clients do not come back, up to that of applications. */
    private static final int FINAL_FROM = 3500;

    private static final int APPLICATION_FROM = 4000;
    private static final int APPLICATION_FINAL_FROM = 4500;

    /**
     * Tells what a client does.
     *
     * @return whether it connects anew
     */
    public boolean reconnects() {
        return code < FINAL_FROM || (code >= APPLICATION_FROM && code < APPLICATION_FINAL_FROM);
    }
}
