package dev.channels;

/**
 * What a client shows to be let in.
 *
 * @param caller whom the container has authenticated at the handshake, or {@link Caller#ANONYMOUS}
 * @param token of the connect command or of a refresh; empty if it sent none
 * @param data of the connect command; empty if it sent none; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClientCredentials(Caller caller, String token, byte[] data) {

    /** Shows neither token nor data. */
    @Override
    public String toString() {
        return "ClientCredentials of " + (caller.isAnonymous() ? "a client" : "a known client");
    }
}
