package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.Collection;
import java.util.stream.Collectors;

/** The one rule for the names of channels. */
public final class ChannelNames {

    /** The rule in words, for error messages. */
    public static final String RULE =
            "1 to 200 characters, no control characters, no '/', no unpaired surrogates";

    private static final int MAX_LENGTH = 200;

    /** So many names one message holds. */
    private static final int MAX_NAMES = 10;

    private ChannelNames() {}

    /**
     * Tells whether a name keeps the rule.
     *
     * @param name the name
     * @return whether it does
     */
    public static boolean isValid(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c == '/' || Character.isISOControl(c)) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < length
                                && Character.isLowSurrogate(name.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /**
     * Tells whether a name can stand, percent-encoded, in the path of an endpoint. Servers disagree
     * on encoded backslashes, question marks and number signs (one takes them for the end of the
     * path), and a dot or two mean something else in a path (RFC 3986, section 3.3).
     *
     * @param name a valid name
     * @return whether it can
     */
    public static boolean isPathSegment(String name) {
        return !name.equals(".")
                && !name.equals("..")
                && name.indexOf('\\') < 0
                && name.indexOf('?') < 0
                && name.indexOf('#') < 0;
    }

    /**
     * Checks a name.
     *
     * @param name the name
     * @return the name
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME} if it breaks the rule
     */
    public static String requireValid(String name) {
        if (!isValid(name)) {
            throw new ChannelsException(
                    ErrorCode.INVALID_CHANNEL_NAME,
                    "'"
                            + printable(name)
                            + "' cannot be the name of a channel: a name has "
                            + RULE);
        }
        return name;
    }

    /**
     * Returns a name as it can stand in a message or a log: {@linkplain Log#onOneLine on one line},
     * and not endless. Of a name that is too long the first 200 characters are left.
     *
     * @param name any text
     * @return the text to print
     */
    public static String printable(String name) {
        if (name.length() <= MAX_LENGTH) {
            return Log.onOneLine(name);
        }
        int end =
                Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1))
                        ? MAX_LENGTH - 1
                        : MAX_LENGTH;
        return Log.onOneLine(name.substring(0, end)) + "…";
    }

    /**
     * Returns names as they can stand in a message or a log: each one {@link #printable(String)},
     * and only the first ten of many.
     *
     * @param names any texts
     * @return the text to print, such as {@code [a, b]}
     */
    public static String printable(Collection<String> names) {
        String shown =
                names.stream()
                        .limit(MAX_NAMES)
                        .map(ChannelNames::printable)
                        .collect(Collectors.joining(", "));
        int more = names.size() - MAX_NAMES;
        return more > 0 ? "[" + shown + " and " + more + " more]" : "[" + shown + "]";
    }
}
