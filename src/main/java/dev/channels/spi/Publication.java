package dev.channels.spi;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One payload on its way to one or more channels.
 *
 * <p>Compared by identity: the same object comes again when a batch is repeated. Only the plugin
 * extends it, by what it remembers of the publish.
 */
public class Publication {

    private final long sequence;
    private final byte[] payload;
    private final Set<String> channels;
    private final Map<String, String> headers;

    /**
     * Makes a publication; called by the plugin, and by tests.
     *
     * @param sequence see {@link #sequence()}
     * @param payload see {@link #payload()}
     * @param channels see {@link #channels()}
     */
    public Publication(long sequence, byte[] payload, Set<String> channels) {
        this(sequence, payload, channels, Map.of());
    }

    /**
     * Makes a publication with headers; called by the plugin, and by tests.
     *
     * @param sequence see {@link #sequence()}
     * @param payload see {@link #payload()}
     * @param channels see {@link #channels()}
     * @param headers see {@link #headers()}
     */
    public Publication(
            long sequence, byte[] payload, Set<String> channels, Map<String, String> headers) {
        this.headers = Map.copyOf(headers);
        this.sequence = sequence;
        this.payload = Objects.requireNonNull(payload, "payload");
        this.channels = Objects.requireNonNull(channels, "channels");
    }

    /**
     * Returns the number of this publication.
     *
     * @return a number that strictly increases from one publication of this node to the next
     *     between a start of the backend and its stop; there may be holes, and after a stop it
     *     begins again
     */
    public final long sequence() {
        return sequence;
    }

    /**
     * Returns the payload.
     *
     * @return the bytes, not a copy: nobody may change them
     */
    public final byte[] payload() {
        return payload;
    }

    /**
     * Returns the channels.
     *
     * @return the names, at least one, immutable
     */
    public final Set<String> channels() {
        return channels;
    }

    /**
     * Returns what travels with the payload; {@link Headers} has its form in bytes.
     *
     * @return the headers, keeping the rule, immutable; empty where there are none
     */
    public final Map<String, String> headers() {
        return headers;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public final String toString() {
        return "Publication["
                + sequence
                + " to "
                + ChannelNames.printable(channels)
                + ", "
                + payload.length
                + " bytes]";
    }
}
