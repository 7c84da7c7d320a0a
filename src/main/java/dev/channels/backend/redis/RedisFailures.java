package dev.channels.backend.redis;

import dev.channels.spi.BrokerUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Tells the failures of Redis that pass from those that stay. */
final class RedisFailures {

    /**
     * Error codes of a Redis that does not accept commands now: while it loads, fails over, is full
     * or is not the owner of a slot any more.
     */
    private static final List<String> PASSING =
            List.of(
                    "ASK",
                    "BUSY",
                    "CLUSTERDOWN",
                    "LOADING",
                    "MASTERDOWN",
                    "MISCONF",
                    "MOVED",
                    "NOREPLICAS",
                    "NOSCRIPT",
                    "OOM",
                    "READONLY",
                    "TRYAGAIN",
                    "UNBLOCKED");

    private RedisFailures() {}

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** Whether the same command can succeed later. */
    static boolean passes(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof RedisCommandExecutionException) {
            String message = String.valueOf(cause.getMessage());
            return PASSING.stream().anyMatch(code -> hasCode(message, code));
        }
        return cause instanceof RedisException
                || cause instanceof BrokerUnavailableException
                || cause instanceof IOException
                || cause instanceof TimeoutException;
    }

    /** Redis 6 puts the code of a command that a script called into the script's message. */
    private static boolean hasCode(String message, String code) {
        return message.startsWith(code + " ")
                || message.equals(code)
                || message.contains("-" + code + " ");
    }

    static BrokerUnavailableException unavailable(RedisAddress address, Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof BrokerUnavailableException unavailable) {
            return unavailable;
        }
        return new BrokerUnavailableException(
                "Redis at " + address + " cannot be reached: " + innermost(cause).getMessage(),
                cause);
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
