package dev.channels.testkit;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The answer to a request, in the first place to one that is not let in.
 *
 * @param head its lines, as they came; empty if the server hung up instead
 * @param body what came of it
 */
public record Answer(String head, String body) {

    private static final Pattern LIBRARY = Pattern.compile("dev.channels", Pattern.LITERAL);

    /** Names of classes, lines of a stack trace, versions. */
    private static final Pattern INNARDS =
            Pattern.compile("\\b(java|javax|jakarta|org|com|io)\\.[a-z]|Exception|\\d\\.\\d");

    /** What the plugin does not write. */
    private static final Pattern OF_THE_SERVER =
            Pattern.compile("(?im)^(HTTP/|Server:|X-Powered-By:|Set-Cookie:).*$");

    /** Returns the status, or 0 if there is none. */
    public int status() {
        return head.isEmpty() ? 0 : Integer.parseInt(head.split(" ")[1]);
    }

    /**
     * Tells whether it is a refusal of the plugin: that sends a line of text, and the servers send
     * pages.
     */
    public boolean isOurs() {
        return status() >= 400
                && head.toLowerCase(Locale.ROOT).contains("\r\ncache-control: no-store")
                && !body.startsWith("<");
    }

    /** Tells whether it says nothing of how the application is made. */
    public boolean isSilent() {
        String all = OF_THE_SERVER.matcher(head + body).replaceAll("");
        return !LIBRARY.matcher(all).find() && !(isOurs() && INNARDS.matcher(all).find());
    }
}
