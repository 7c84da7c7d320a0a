package dev.channels.client.protocol;

/**
 * Why a command was not carried out. A client reconnects, or subscribes again, after a temporary
 * one and after {@link #TOKEN_EXPIRED}; any other ends the connection or the subscription for good
 * where it answers connect or subscribe.
 *
 * @param code 100 to 399 is the protocol's, 400 to 1999 the application's
 * @param message in words; never empty
 * @param temporary whether it may be tried again
 */
public record ProtocolError(int code, String message, boolean temporary) {

    /** Something went wrong on this side. */
    public static final ProtocolError INTERNAL =
            new ProtocolError(100, "internal server error", true);

    /** The client must prove who it is. */
    public static final ProtocolError UNAUTHORIZED = new ProtocolError(101, "unauthorized", false);

    /** There is no such channel. */
    public static final ProtocolError UNKNOWN_CHANNEL =
            new ProtocolError(102, "unknown channel", false);

    /** The caller may not do this. */
    public static final ProtocolError PERMISSION_DENIED =
            new ProtocolError(103, "permission denied", false);

    /** The application knows no such method. */
    public static final ProtocolError METHOD_NOT_FOUND =
            new ProtocolError(104, "method not found", false);

    /** The client has this subscription. */
    public static final ProtocolError ALREADY_SUBSCRIBED =
            new ProtocolError(105, "already subscribed", false);

    /** The client has as many as it may. */
    public static final ProtocolError LIMIT_EXCEEDED =
            new ProtocolError(106, "limit exceeded", false);

    /** The command makes no sense. */
    public static final ProtocolError BAD_REQUEST = new ProtocolError(107, "bad request", false);

    /** This server, or this channel, does not offer it. */
    public static final ProtocolError NOT_AVAILABLE =
            new ProtocolError(108, "not available", false);

    /** The client is to get a new token and try again. */
    public static final ProtocolError TOKEN_EXPIRED =
            new ProtocolError(109, "token expired", false);

    /** What the client had is over. */
    public static final ProtocolError EXPIRED = new ProtocolError(110, "expired", false);

    /** The client asks too often. */
    public static final ProtocolError TOO_MANY_REQUESTS =
            new ProtocolError(111, "too many requests", true);

    /** History does not reach back to the position. */
    public static final ProtocolError UNRECOVERABLE_POSITION =
            new ProtocolError(112, "unrecoverable position", false);
}
