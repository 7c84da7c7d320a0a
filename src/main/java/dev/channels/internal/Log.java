package dev.channels.internal;

import dev.channels.ErrorCode;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The library's one logger, {@code dev.channels}; every message begins with its code. */
public final class Log {

    private static final System.Logger LOGGER = System.getLogger("dev.channels");

    private Log() {}

    /**
     * Logs that something went wrong.
     *
     * @param code the code
     * @param message what, which value, where, what to do
     * @param cause what led to it, or null
     */
    public static void warn(ErrorCode code, String message, @Nullable Throwable cause) {
        LOGGER.log(Level.WARNING, code.code() + ": " + message, cause);
    }

    /**
     * Logs a change of the plugin's state.
     *
     * @param message what is so now
     */
    public static void state(String message) {
        LOGGER.log(Level.INFO, ErrorCode.STATE.code() + ": " + message);
    }
}
