package dev.channels.backend.postgresql.tables;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.spi.Headers;
import dev.channels.spi.Log;
import dev.channels.spi.Publication;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Makes events out of rows, and columns out of publications. */
public final class EventRow {

    /** Of UTF-8; a pair of surrogates has four. */
    private static final long MAX_BYTES_PER_CHAR = 3;

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private EventRow() {}

    /**
     * Makes an event. Headers that somebody has spoilt in the table are left out, which is said
     * once.
     *
     * @param channel the name of the channel
     * @param position where the event stands
     * @param payload the column {@code payload}
     * @param headers the column {@code headers}
     */
    public static ChannelEvent event(
            String channel, Position position, byte[] payload, byte @Nullable [] headers) {
        return new ChannelEvent(
                channel, position, payload, payload.length, headers(position, headers));
    }

    private static Map<String, String> headers(Position position, byte @Nullable [] headers) {
        if (headers == null) {
            return Map.of();
        }
        try {
            return Headers.decode(headers, 0, headers.length);
        } catch (IllegalArgumentException e) {
            if (!SAID.getAndSet(true)) {
                Log.warn(
                        ErrorCode.UNSUPPORTED_FORMAT,
                        "the headers of the event at "
                                + position
                                + " in PostgreSQL cannot be read; such events come without headers",
                        e);
            }
            return Map.of();
        }
    }

    /** Returns how many bytes of payload and headers a publication has at most. */
    public static long size(Publication publication) {
        long size = publication.payload().length;
        for (Map.Entry<String, String> header : publication.headers().entrySet()) {
            size += header.getKey().length() + MAX_BYTES_PER_CHAR * header.getValue().length();
        }
        return size;
    }

    /** Returns the column {@code headers} of a publication. */
    public static byte @Nullable [] headers(Publication publication) {
        Map<String, String> headers = publication.headers();
        return headers.isEmpty() ? null : Headers.encode(headers);
    }
}
