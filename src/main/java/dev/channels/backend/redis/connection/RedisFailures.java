package dev.channels.backend.redis.connection;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.Log;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the failures of Redis that pass from those that stay, and those of a link from those of a
 * command.
 */
public final class RedisFailures {

    /** Error codes of a Redis that is not the one to talk to, or not yet: another link may be. */
    private static final List<String> NOT_HERE =
            List.of("CLUSTERDOWN", "LOADING", "MASTERDOWN", "MOVED", "READONLY");

    /** Error codes of a Redis that refuses some commands now: another link changes nothing. */
    private static final List<String> NOT_NOW =
            List.of("ASK", "BUSY", "MISCONF", "NOREPLICAS", "NOSCRIPT", "OOM", "TRYAGAIN");

    /** Error codes of a Redis that has to be configured otherwise, or its client. */
    private static final List<String> NOT_EVER =
            List.of(
                    "WRONGPASS",
                    "NOAUTH",
                    "NOPERM",
                    "ERR AUTH",
                    "ERR Client sent AUTH",
                    "ERR invalid password",
                    "ERR DB index",
                    "ERR invalid DB index",
                    "ERR SELECT is not allowed",
                    "ERR This instance has cluster support disabled");

    /** What our scripts say of a head that another version wrote. */
    private static final Pattern UNSUPPORTED = Pattern.compile("UNSUPPORTEDFORMAT (\\S+)");

    private RedisFailures() {}

    /** Whether the same command can succeed later. */
    public static boolean passes(Throwable failure) {
        return endsLink(failure)
                || hasCode(Causes.of(failure), NOT_NOW)
                || Causes.of(failure) instanceof BrokerUnavailableException;
    }

    /** Whether the link is of no use any more. */
    public static boolean endsLink(Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof RedisCommandExecutionException) {
            return hasCode(cause, NOT_HERE);
        }
        return cause instanceof RedisException
                || cause instanceof IOException
                || cause instanceof TimeoutException;
    }

    /** Redis 6 puts the code of a command that a script called into the script's message. */
    private static boolean hasCode(Throwable failure, List<String> codes) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && codes.stream()
                        .anyMatch(
                                code ->
                                        message.startsWith(code + " ")
                                                || message.equals(code)
                                                || message.contains("-" + code + " "));
    }

    /** Returns the version of what a script of ours does not know, or null if that is not it. */
    public static @Nullable String unsupportedVersion(Throwable failure) {
        Matcher matcher = UNSUPPORTED.matcher(String.valueOf(failure.getMessage()));
        return failure instanceof RedisCommandExecutionException && matcher.find()
                ? matcher.group(1)
                : null;
    }

    static BrokerUnavailableException unavailable(RedisAddress address, Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof BrokerUnavailableException unavailable) {
            return unavailable;
        }
        String what = hasCode(cause, NOT_NOW) ? " refuses this for now: " : " cannot be reached: ";
        return new BrokerUnavailableException(
                "Redis at " + address + what + shown(innermost(cause)), cause);
    }

    /**
     * Returns how a start failed.
     *
     * @return a {@link BrokerUnavailableException}; or, where Redis refuses for good, a failure
     *     that says what to change
     */
    static ChannelsException startFailure(RedisAddress address, Throwable failure) {
        Throwable cause = innermost(Causes.of(failure));
        if (!hasCode(cause, NOT_EVER)) {
            return unavailable(address, failure);
        }
        return new ChannelsException(
                ErrorCode.BROKER_REFUSED,
                "Redis at "
                        + address
                        + " refuses the connection: "
                        + shown(cause)
                        + ". Check user, password and database in the configured uri, and what the"
                        + " user may do.",
                cause);
    }

    /** What Redis answers can hold a name that came from outside. */
    private static String shown(Throwable cause) {
        return Log.onOneLine(String.valueOf(cause.getMessage()));
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < 10; depth++) {
            Throwable next = cause.getCause();
            if (next == null || next.getMessage() == null) {
                return cause;
            }
            cause = next;
        }
        return cause;
    }
}
