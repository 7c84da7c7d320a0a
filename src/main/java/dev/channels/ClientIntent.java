package dev.channels;

/**
 * What a client wants to do.
 *
 * @param caller who wants it
 * @param action what
 * @param channel to which channel; valid, and declared
 * @param token of the command, for example a token for this one subscription; empty if it sent none
 * @param data of the command: of a subscription, or what is to be published; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClientIntent(
        Caller caller, Action action, String channel, String token, byte[] data) {

    /** What can be wanted. */
    public enum Action {
        /** To get the events of the channel, and to read its history. */
        SUBSCRIBE,
        /** To publish to the channel. */
        PUBLISH,
        /** To ask who is there. */
        PRESENCE
    }

    /** Shows neither token nor data. */
    @Override
    public String toString() {
        return action + " by " + (caller.isAnonymous() ? "a client" : "a known client");
    }
}
