package dev.channels.sse;

import dev.channels.ChannelEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;

/** How things are written as Server-Sent Events (HTML Living Standard, section 9.2). */
final class SseForms {

    /** The name of the event that tells of a gap. */
    static final String GAP = "gap";

    /** The name of the event that tells from where on a channel can be resumed. */
    static final String JOINED = "joined";

    /** What stands before the name of a channel that would be taken for something else. */
    static final String CHANNEL = "channel:";

    /** A gap, a join, and what an EventSource itself tells its page. */
    private static final Set<String> RESERVED = Set.of(GAP, JOINED, "open", "error");

    /** A comment, which no client is told of. */
    static final byte[] PING = bytes(":\n\n");

    /**
     * An event without its {@code id}, which each stream has its own of. Fails with {@link
     * dev.channels.ErrorCode#NOT_TEXT} where the payload is no text.
     */
    static final Function<ChannelEvent, byte[]> EVENT =
            event -> block(nameOf(event.channel()), event.text(), event.size());

    private SseForms() {}

    /**
     * Returns the form of an event, made once for all streams.
     *
     * @throws dev.channels.ChannelsException {@link dev.channels.ErrorCode#NOT_TEXT} if the payload
     *     is no text
     */
    static byte[] of(ChannelEvent event) {
        return event.form(EVENT);
    }

    /** Tells that events of a channel are lost; its name is the data. */
    static byte[] gap(String channel) {
        return block(GAP, channel, channel.length());
    }

    /** Tells that a channel is joined, and can be resumed; its name is the data. */
    static byte[] joined(String channel) {
        return block(JOINED, channel, channel.length());
    }

    /** Says where the stream stands; nothing is told to the page before the line that follows. */
    static byte[] id(String positions) {
        return bytes("id: " + positions + "\n");
    }

    /** Ends what stands there, of which the page is told nothing if it has no data. */
    static byte[] end() {
        return bytes("\n");
    }

    /** Says when to come back once the response has ended. */
    static byte[] retry(long millis) {
        return bytes("retry: " + millis + "\n\n");
    }

    /** Returns the name of the events of a channel. */
    static String nameOf(String channel) {
        return RESERVED.contains(channel) || channel.startsWith(CHANNEL)
                ? CHANNEL + channel
                : channel;
    }

    /** A name has no line breaks (see {@link dev.channels.spi.ChannelNames#RULE}); data may. */
    private static byte[] block(String name, String data, int size) {
        ByteArrayOutputStream block = new ByteArrayOutputStream(size + name.length() + 32);
        block.writeBytes(bytes("event: " + name));
        int start = 0;
        while (true) {
            int end = lineEnd(data, start);
            block.writeBytes(bytes("\ndata: "));
            block.writeBytes(bytes(data.substring(start, end)));
            if (end == data.length()) {
                break;
            }
            boolean both = data.startsWith("\r\n", end);
            start = end + (both ? 2 : 1);
        }
        block.writeBytes(bytes("\n\n"));
        return block.toByteArray();
    }

    private static int lineEnd(String data, int from) {
        for (int i = from; i < data.length(); i++) {
            if (data.charAt(i) == '\n' || data.charAt(i) == '\r') {
                return i;
            }
        }
        return data.length();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
