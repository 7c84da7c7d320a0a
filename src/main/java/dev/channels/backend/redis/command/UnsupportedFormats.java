package dev.channels.backend.redis.command;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.redis.connection.RedisFailures;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.util.concurrent.Executor;

/** Says once that this node has met a format that it does not know. Touched by the loop only. */
public final class UnsupportedFormats {

    private final Executor executor;
    private boolean said;

    /**
     * Makes one that has said nothing.
     *
     * @param executor takes what is written to the log: the loop must not wait for that
     */
    public UnsupportedFormats(Executor executor) {
        this.executor = executor;
    }

    /** Says that there is something of a version in a channel. */
    public void met(String channel, String version) {
        if (!said) {
            said = true;
            String message = message(channel, version);
            executor.execute(() -> Log.warn(ErrorCode.UNSUPPORTED_FORMAT, message, null));
        }
    }

    /** Says it of what a script refused, if that is why. */
    public void met(String channel, Throwable failure) {
        String version = RedisFailures.unsupportedVersion(Causes.of(failure));
        if (version != null) {
            met(channel, version);
        }
    }

    /** Returns a failure with this reason, if that is why; otherwise the failure itself. */
    public static Throwable explained(String channels, Throwable failure) {
        String version = RedisFailures.unsupportedVersion(Causes.of(failure));
        return version == null
                ? failure
                : new ChannelsException(
                        ErrorCode.UNSUPPORTED_FORMAT, message(channels, version), failure);
    }

    private static String message(String channel, String version) {
        return "The channel '"
                + ChannelNames.printable(channel)
                + "' has something of version "
                + version
                + " in Redis, and this node knows version "
                + EventBytes.VERSION
                + ": events that it cannot read are a gap to their subscribers. Bring all nodes to"
                + " one version of the library.";
    }
}
