package dev.channels;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin throws, or completes a stage with. Its message begins with the stable code, and
 * says what happened, with which value, where, and what to do.
 */
public class ChannelsException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    /** The kind of the error. */
    private final ErrorCode errorCode;

    /**
     * Makes an exception without a cause.
     *
     * @param errorCode the kind of the error
     * @param message what happened, with which value, where, what to do; without the code
     */
    public ChannelsException(ErrorCode errorCode, String message) {
        this(errorCode, message, null);
    }

    /**
     * Makes an exception.
     *
     * @param errorCode the kind of the error
     * @param message what happened, with which value, where, what to do; without the code
     * @param cause what led to it, or null
     */
    public ChannelsException(ErrorCode errorCode, String message, @Nullable Throwable cause) {
        super(errorCode.code() + ": " + message, cause);
        this.errorCode = Objects.requireNonNull(errorCode);
    }

    /**
     * Returns the kind of the error.
     *
     * @return the code, for programs to tell errors apart
     */
    public final ErrorCode errorCode() {
        return errorCode;
    }

    /**
     * Returns a text that comes from outside as it can stand in a message, on one line and in the
     * order in which it is read. Characters that nobody can see are written as Unicode escapes:
     * controls, line and paragraph separators, what turns the direction of the text, byte order
     * marks and the like, and unpaired surrogates.
     *
     * @param text any text
     * @return the text to print
     */
    public static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        character -> {
                            if (isVisible(character)) {
                                line.appendCodePoint(character);
                            } else {
                                for (char half : Character.toChars(character)) {
                                    line.append(String.format("\\u%04x", (int) half));
                                }
                            }
                        });
        return line.toString();
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }
}
