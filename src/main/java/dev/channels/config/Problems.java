package dev.channels.config;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Collects what is wrong with a configuration, so that all of it is reported at once. */
public final class Problems {

    /** With the usual slips of the keyboard: a misspelt key holds a secret all the same. */
    private static final List<String> SECRETS =
            List.of("pas", "pwd", "secret", "token", "credential", "uri", "url");

    /** What is found wrong twice is said once. */
    private final Set<String> problems = new LinkedHashSet<>();

    private final Set<String> doubts = new LinkedHashSet<>();

    /** Makes an empty collection. */
    public Problems() {}

    /**
     * Adds a problem.
     *
     * @param key the configuration key
     * @param value its value as it is written; left out of the message where the key may hold a
     *     secret
     * @param source where the value comes from, or empty if it is not known
     * @param what what is wrong
     * @param remedy what to do
     */
    public void add(String key, String value, String source, String what, String remedy) {
        problems.add(line(key, value, source, what, remedy));
    }

    /**
     * Adds what is valid and surely not meant; it does not fail the deployment.
     *
     * @param key the configuration key
     * @param value its value as it is written; left out of the message where the key may hold a
     *     secret
     * @param source where the value comes from, or empty if it is not known
     * @param what what is doubtful
     * @param remedy what to do
     */
    public void doubt(String key, String value, String source, String what, String remedy) {
        doubts.add(line(key, value, source, what, remedy));
    }

    private static String line(
            String key, String value, String source, String what, String remedy) {
        String problem =
                key
                        + " = "
                        + (mayBeSecret(key) ? "(not shown)" : "'" + value + "'")
                        + (source.isEmpty() ? "" : " (from " + source + ")")
                        + ": "
                        + what
                        + ". "
                        + remedy;
        // A control character of a value would break the line, and on Payara the whole report.
        return Log.onOneLine(problem);
    }

    private static boolean mayBeSecret(String key) {
        String last = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SECRETS.stream().anyMatch(last::contains);
    }

    /**
     * Returns whether there is a problem.
     *
     * @return true if none was added
     */
    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Logs what is doubtful, each a warning of its own. */
    public void warnOfDoubts() {
        doubts.forEach(doubt -> Log.warn(ErrorCode.INVALID_CONFIGURATION, doubt, null));
    }

    /**
     * Throws if there is a problem.
     *
     * @throws ChannelsException {@link ErrorCode#INVALID_CONFIGURATION} with a line for each
     *     problem
     */
    public void throwIfAny() {
        if (problems.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder("The configuration of Channels EE is invalid:");
        for (String problem : problems) {
            message.append("\n  - ").append(problem);
        }
        throw new ChannelsException(ErrorCode.INVALID_CONFIGURATION, message.toString());
    }
}
