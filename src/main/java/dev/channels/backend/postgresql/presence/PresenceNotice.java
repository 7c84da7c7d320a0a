package dev.channels.backend.postgresql.presence;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a notification that a client came or went: {@code
 * presence1/channel/sign/user/id/info/channel info}, the last four in base64. It has less than the
 * 8,000 bytes of a notification, whatever the client.
 */
public final class PresenceNotice {

    /** What every payload begins with; no name of a channel holds a slash. */
    private static final String KIND = "presence";

    private static final String VERSION = "1";
    private static final String BETWEEN = "/";
    private static final int PARTS = 7;

    /** Stands for what is not there: no base64 is that short. */
    private static final String NONE = "-";

    private PresenceNotice() {}

    static String encode(PresenceChange change) {
        PresentClient client = change.client();
        return String.join(
                BETWEEN,
                KIND + VERSION,
                change.channel(),
                change.entered() ? "+" : "-",
                text(client.user()),
                text(client.id()),
                text(client.info()),
                text(client.channelInfo()));
    }

    private static String text(@Nullable String part) {
        return part == null
                ? NONE
                : Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tells whether a payload is about a client, in whatever version.
     *
     * @param payload what came
     */
    public static boolean isOne(String payload) {
        return payload.startsWith(KIND);
    }

    /**
     * Decodes a payload.
     *
     * @return null for what this version cannot read
     */
    public static @Nullable PresenceChange decode(String payload) {
        String[] parts = payload.split(BETWEEN, -1);
        if (parts.length != PARTS || !parts[0].equals(KIND + VERSION)) {
            return null;
        }
        try {
            String user = part(parts[3]);
            String id = part(parts[4]);
            return user == null || id == null
                    ? null
                    : new PresenceChange(
                            parts[1],
                            new PresentClient(id, user, part(parts[5]), part(parts[6])),
                            parts[2].equals("+"));
        } catch (IllegalArgumentException e) {
            // Notified by hand.
            return null;
        }
    }

    private static @Nullable String part(String text) {
        return text.equals(NONE)
                ? null
                : new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
