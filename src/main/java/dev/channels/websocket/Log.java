package dev.channels.websocket;

import dev.channels.ErrorCode;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The logger of the endpoints, below the library's; every message begins with its code. */
final class Log {

    private static final System.Logger LOGGER = System.getLogger("dev.channels.websocket");

    private Log() {}

    /**
     * Logs that something went wrong.
     *
     * @param code the code
     * @param message what, which value, where, what to do
     * @param cause what led to it, or null
     */
    static void warn(ErrorCode code, String message, @Nullable Throwable cause) {
        LOGGER.log(Level.WARNING, code.code() + ": " + message, cause);
    }

    /** Logs what happens every day, for those who look for something. */
    static void detail(Supplier<String> message, Throwable cause) {
        LOGGER.log(Level.DEBUG, () -> ErrorCode.STATE.code() + ": " + message.get(), cause);
    }
}
