package dev.channels.client.protocol;

/**
 * Why the server ended a subscription. A client subscribes again after a code from 2500 up.
 *
 * @param code 2000 to 2999
 * @param reason in words
 */
public record UnsubscribeCode(int code, String reason) {

    /** The application wants it. */
    public static final UnsubscribeCode SERVER = new UnsubscribeCode(2000, "server unsubscribe");

    /** The client lost events: it recovers by subscribing again. */
    public static final UnsubscribeCode INSUFFICIENT_STATE =
            new UnsubscribeCode(2500, "insufficient state");

    /** The client did not prove in time that it may still be subscribed. */
    public static final UnsubscribeCode EXPIRED = new UnsubscribeCode(2501, "subscription expired");
}
