package dev.channels.sse;

import dev.channels.Position;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for. The query is taken apart here, as UTF-8, since servers differ in what
 * they make of one that is encoded badly.
 *
 * @param channels each once, in the order of the query; not checked
 * @param history how many events of the history come first; negative for all
 * @param positions where the client stands, by {@link StreamPositions#key}
 */
record SseQuery(Set<String> channels, int history, Map<String, Position> positions) {

    /** What a client asks for makes no sense; its message is for who develops the client. */
    static final class BadQueryException extends Exception {

        private static final long serialVersionUID = 1L;

        BadQueryException(String message) {
            super(message);
        }
    }

    /**
     * Reads it.
     *
     * @param query of the request, or null
     * @param lastEventId the header that an EventSource sends when it comes back, or null; it
     *     counts more than what the query says, which stays the same
     * @param maxChannels how many channels there may be
     */
    static SseQuery of(@Nullable String query, @Nullable String lastEventId, int maxChannels)
            throws BadQueryException {
        Set<String> channels = new LinkedHashSet<>();
        String history = "0";
        String id = "";
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            switch (name) {
                case "channel" -> channels.add(value);
                case "history" -> history = value;
                case "lastEventId" -> id = value;
                default -> {
                    // Whatever a client puts there to get past a cache.
                }
            }
            if (channels.size() > maxChannels) {
                throw new BadQueryException("There may be " + maxChannels + " channels");
            }
        }
        if (channels.isEmpty()) {
            throw new BadQueryException("Name a channel: ?channel=one&channel=another");
        }
        if (lastEventId != null && !lastEventId.isBlank()) {
            id = lastEventId.strip();
        }
        return new SseQuery(channels, number(history), positions(id));
    }

    /**
     * Checks that a client can tell where it stands when it comes back.
     *
     * @param recovers whether it is told where it stands in a channel
     */
    void checkIds(Predicate<String> recovers) throws BadQueryException {
        if (!StreamPositions.fit(channels.stream().filter(recovers).toList())) {
            throw new BadQueryException(
                    "Follow fewer channels by one stream, or such with shorter names: where you"
                            + " stand in all of these does not fit the header Last-Event-ID");
        }
    }

    private static int number(String history) throws BadQueryException {
        try {
            return Integer.parseInt(history);
        } catch (NumberFormatException e) {
            throw new BadQueryException("history is a number, negative for all there is");
        }
    }

    private static Map<String, Position> positions(String id) throws BadQueryException {
        try {
            return id.isEmpty() ? Map.of() : StreamPositions.parse(id);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException("The last event ID is none of this door");
        }
    }

    /** By the rules of forms (WHATWG URL, section 5.1), but for what is no UTF-8. */
    private static String decoded(String text) throws BadQueryException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        try {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '%') {
                    bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                    i += 2;
                } else if (c == '+') {
                    bytes.write(' ');
                } else {
                    bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                }
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            throw new BadQueryException("The query is not encoded as UTF-8");
        }
    }
}
