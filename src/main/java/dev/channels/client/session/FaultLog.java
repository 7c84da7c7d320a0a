package dev.channels.client.session;

import dev.channels.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Takes what goes wrong on this side for a client, of which there may be many. */
@FunctionalInterface
public interface FaultLog {

    /**
     * Logs it, or counts it.
     *
     * @param message what, where; without anything that the client sent
     */
    void warn(ErrorCode code, String message, @Nullable Throwable failure);

    /** Logs a fault of this library. */
    default void broken(String what, Throwable failure) {
        warn(
                ErrorCode.CONSUMER_FAILED,
                what + ": " + failure.getClass().getName() + " (a fault of this library)",
                failure);
    }
}
