package dev.channels;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One piece of data published to a channel, shared by all subscribers of that channel on this node.
 *
 * <p>Immutable and safe for use by any thread. The payload is never copied on its way to the
 * subscribers, and each form in which it leaves is one object that all of them share, whoever asks
 * first.
 */
public final class ChannelEvent implements Delivery {

    private static final char REPLACEMENT = '\uFFFD';

    private final String channel;
    private final Position position;
    private final byte[] array;
    private final int size;

    private final Map<String, String> headers;

    private static final AtomicReferenceFieldUpdater<ChannelEvent, MadeForm> FORMS =
            AtomicReferenceFieldUpdater.newUpdater(ChannelEvent.class, MadeForm.class, "forms");

    /** The forms that somebody asked for: few, so that a list is enough. Its head is replaced. */
    private volatile @Nullable MadeForm forms;

    private record MadeForm(Function<ChannelEvent, ?> form, Object made, @Nullable MadeForm next) {}

    /** The text, or the exception that says that there is none. */
    private static final Function<ChannelEvent, Object> TEXT = ChannelEvent::decode;

    /**
     * Makes an event; used by backends, and by tests that {@linkplain Subscriber#put put} events by
     * hand.
     *
     * @param channel the name of the channel
     * @param position where the event stands in the channel
     * @param payload the bytes; the event takes the array over, so it must not be changed any more
     */
    public ChannelEvent(String channel, Position position, byte[] payload) {
        this(channel, position, Objects.requireNonNull(payload, "payload"), payload.length);
    }

    /**
     * Makes an event of the beginning of an array; spares a backend a copy whose broker's message
     * has something behind the payload.
     *
     * @param channel the name of the channel
     * @param position where the event stands in the channel
     * @param array begins with the payload; the event takes it over, so it must not be changed any
     *     more
     * @param size the length of the payload in bytes
     * @throws IndexOutOfBoundsException if the array is shorter, or the size negative
     */
    public ChannelEvent(String channel, Position position, byte[] array, int size) {
        this(channel, position, array, size, Map.of());
    }

    /**
     * Makes an event with headers.
     *
     * @param channel the name of the channel
     * @param position where the event stands in the channel
     * @param array begins with the payload; the event takes it over, so it must not be changed any
     *     more
     * @param size the length of the payload in bytes
     * @param headers see {@link #headers()}
     * @throws IndexOutOfBoundsException if the array is shorter, or the size negative
     */
    public ChannelEvent(
            String channel,
            Position position,
            byte[] array,
            int size,
            Map<String, String> headers) {
        this.headers = Map.copyOf(headers);
        this.channel = Objects.requireNonNull(channel, "channel");
        this.position = Objects.requireNonNull(position, "position");
        this.array = Objects.requireNonNull(array, "array");
        this.size = size;
        Objects.checkFromIndexSize(0, size, array.length);
    }

    /**
     * Returns the exact name of the channel that the event was published to.
     *
     * @return the name
     */
    public String channel() {
        return channel;
    }

    /**
     * Returns where the event stands in its channel.
     *
     * @return the position
     */
    public Position position() {
        return position;
    }

    /**
     * Returns the payload as a new array, which the caller may keep and change.
     *
     * @return a copy of the bytes; {@link #buffer()} spares the copy
     */
    public byte[] data() {
        return Arrays.copyOf(array, size);
    }

    /**
     * Returns a new read-only view of the payload, without a copy.
     *
     * @return a buffer from position 0 to the payload's length
     */
    public ByteBuffer buffer() {
        ByteBuffer whole = ByteBuffer.wrap(array, 0, size);
        return (size == array.length ? whole : whole.slice()).asReadOnlyBuffer();
    }

    /**
     * Returns the length of the payload.
     *
     * @return the length in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Returns the payload decoded as UTF-8.
     *
     * @return the text, one object for all subscribers
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if the payload is not valid UTF-8, the
     *     same exception at every call; {@link #data()} still has the bytes
     */
    public String text() {
        Object text = form(TEXT);
        if (text instanceof ChannelsException noText) {
            throw noText;
        }
        return (String) text;
    }

    private static Object decode(ChannelEvent event) {
        String text = new String(event.array, 0, event.size, StandardCharsets.UTF_8);
        // The fast decoder replaces what is malformed; only then is the strict one worth its price.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            CharBuffer strict = StandardCharsets.UTF_8.newDecoder().decode(event.buffer());
            return strict.toString();
        } catch (CharacterCodingException e) {
            return new ChannelsException(
                    ErrorCode.NOT_TEXT,
                    "The event at "
                            + ChannelsException.printable(event.position.toString())
                            + " of channel '"
                            + ChannelsException.printable(event.channel)
                            + "' ("
                            + event.size
                            + " bytes) is not valid UTF-8. Read it with data(), or let its"
                            + " endpoints send binary frames (channels.ws-send-mode=binary).",
                    e);
        }
    }

    /**
     * Returns a form in which this event leaves the node: its text, a frame that holds it. Each
     * form is kept, and shared with all subscribers. No lock is held while it is made: threads that
     * ask for the first time at the same moment may make it each, and all of them are given the one
     * that is kept.
     *
     * @param form makes the form, which is not null, and immutable or never changed. Forms are told
     *     apart by identity: keep each in a constant. What it throws reaches the caller, and the
     *     next one tries again.
     * @param <T> the type of the form
     * @return what was made of this event, now or earlier, for all who ask
     */
    public <T> T form(Function<ChannelEvent, T> form) {
        Object made = made(form, forms);
        if (made == null) {
            made = keep(form, Objects.requireNonNull(form.apply(this), "a form is not null"));
        }
        @SuppressWarnings("unchecked") // what a form has made is kept with it
        T cast = (T) made;
        return cast;
    }

    private static @Nullable Object made(Function<ChannelEvent, ?> form, @Nullable MadeForm first) {
        for (MadeForm known = first; known != null; known = known.next) {
            if (known.form == form) {
                return known.made;
            }
        }
        return null;
    }

    /** Keeps what was made, unless another thread was quicker; returns what is kept. */
    private Object keep(Function<ChannelEvent, ?> form, Object made) {
        while (true) {
            MadeForm first = forms;
            Object known = made(form, first);
            if (known != null) {
                return known;
            }
            if (FORMS.compareAndSet(this, first, new MadeForm(form, made, first))) {
                return made;
            }
        }
    }

    /**
     * Returns what travels with the payload: short names and values, given at publish or added by
     * the plugin.
     *
     * @return the headers, immutable; empty where there are none
     */
    public Map<String, String> headers() {
        return headers;
    }

    /** Two events are equal if channel, position and payload are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChannelEvent that
                && channel.equals(that.channel)
                && position.equals(that.position)
                && Arrays.equals(array, 0, size, that.array, 0, that.size);
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, position);
    }

    /** Returns channel, position and size, never the payload: it may be large, or a secret. */
    @Override
    public String toString() {
        return "ChannelEvent["
                + ChannelsException.printable(channel + " " + position)
                + ", "
                + size
                + " bytes]";
    }
}
