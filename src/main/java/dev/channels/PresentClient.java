package dev.channels;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that is there in a channel, as others may see it. Immutable.
 *
 * @param id names its connection, over all nodes; 1 to 100 characters
 * @param user the name of its caller, at most 200 characters; empty for an anonymous one
 * @param info JSON that others may see of the connection, see {@link Caller#info()}; null for
 *     nothing
 * @param channelInfo JSON that others may see of the client in this channel, see {@link
 *     ClientPermit#info()}; null for nothing
 */
public record PresentClient(
        String id, String user, @Nullable String info, @Nullable String channelInfo) {

    /** How many bytes each info may have, in UTF-8. */
    public static final int MAX_INFO = 2048;

    private static final int MAX_ID = 100;
    private static final int MAX_USER = 200;

    /**
     * Makes a client.
     *
     * @param id names its connection
     * @param user the name of its caller, or empty
     * @param info JSON for others, or null
     * @param channelInfo JSON for others, or null
     * @throws IllegalArgumentException if one of them is too long, or the id is empty
     */
    public PresentClient {
        require(!id.isEmpty() && id.length() <= MAX_ID, "id", "1 to " + MAX_ID + " characters");
        require(user.length() <= MAX_USER, "user", "at most " + MAX_USER + " characters");
        require(fits(info), "info", "at most " + MAX_INFO + " bytes");
        require(fits(channelInfo), "channel info", "at most " + MAX_INFO + " bytes");
    }

    private static void require(boolean kept, String what, String rule) {
        if (!kept) {
            throw new IllegalArgumentException("The " + what + " of a present client has " + rule);
        }
    }

    /**
     * Tells whether an info is short enough.
     *
     * @param info JSON, or null
     * @return whether it has at most {@link #MAX_INFO} bytes
     */
    public static boolean fits(@Nullable String info) {
        return info == null
                || (info.length() <= MAX_INFO
                        && info.getBytes(StandardCharsets.UTF_8).length <= MAX_INFO);
    }

    // Written out: see Position.equals.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PresentClient that
                && id.equals(that.id)
                && user.equals(that.user)
                && Objects.equals(info, that.info)
                && Objects.equals(channelInfo, that.channelInfo);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Leaves out what the application says of it. */
    @Override
    public String toString() {
        return "PresentClient[" + id + "]";
    }
}
