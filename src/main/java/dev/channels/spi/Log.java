package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one logger of the library and of its backends, {@code dev.channels} of the JDK's {@link
 * System.Logger}; every line begins with its code. A backend of your own may use it.
 *
 * <p>Any thread may call it. The line is formatted and written on the caller's thread, as far as
 * the server's logging does so: do not call it on a thread that a broker's I/O waits for.
 *
 * <p>Messages say what happened, with which value, where and what to do. They hold no secret and no
 * payload; names that come from outside stand in them as {@link ChannelNames#printable(String)}
 * shows them. What can happen again and again is logged once when it begins, not each time.
 */
public final class Log {

    private static final System.Logger LOGGER = System.getLogger("dev.channels");

    private Log() {}

    /**
     * Returns a text as it can stand in a message, on one line and in the order in which it is
     * read. Characters that nobody can see are written as Unicode escapes: controls, line and
     * paragraph separators, what turns the direction of the text, byte order marks and the like,
     * and unpaired surrogates.
     *
     * @param text any text
     * @return the text to print
     */
    public static String onOneLine(String text) {
        return ChannelsException.printable(text);
    }

    /**
     * Logs, at the level {@code WARNING}, that something went wrong.
     *
     * @param code the code
     * @param message what, which value, where, what to do
     * @param cause what led to it, logged with its stack trace, or null
     */
    public static void warn(ErrorCode code, String message, @Nullable Throwable cause) {
        LOGGER.log(Level.WARNING, code.code() + ": " + message, cause);
    }

    /**
     * Logs, at the level {@code INFO} and with the code {@link ErrorCode#STATE}, a change of state
     * that an operator wants to see.
     *
     * @param message what is so now
     */
    public static void state(String message) {
        LOGGER.log(Level.INFO, ErrorCode.STATE.code() + ": " + message);
    }

    /**
     * Logs, at the level {@code DEBUG}, what happens every day, for those who look for something.
     *
     * @param code the code
     * @param message makes the message; called only if the level is on
     * @param cause what led to it, logged with its stack trace, or null
     */
    public static void detail(ErrorCode code, Supplier<String> message, @Nullable Throwable cause) {
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, code.code() + ": " + message.get(), cause);
        }
    }
}
