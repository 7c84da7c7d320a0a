package dev.channels.cdi.telemetry;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of each channel that metrics name, and of all others together. A channel is
 * named from its first event on, as long as there is room: each name is some series, here and with
 * whoever collects them. Safe for use by any thread; where no policy names a channel it is one
 * comparison.
 *
 * @param <T> what one of them is recorded with
 */
public final class NamedChannels<T> {

    /** How many are named at the most; clients may make up names of a family. */
    public static final int MAX = 1_000;

    private final @Nullable Predicate<String> named;
    private final T others;
    private final Function<String, T> maker;
    private final Map<String, T> known = new ConcurrentHashMap<>();

    /** Written by one thread at a time, like {@link #known}. */
    private volatile boolean full;

    /**
     * Names none yet.
     *
     * @param named tells whether a policy names a channel; null where none names any
     * @param others records those that are not named
     * @param maker makes what records a channel, at its first event and for one channel at a time
     */
    public NamedChannels(@Nullable Predicate<String> named, T others, Function<String, T> maker) {
        this.named = named;
        this.others = others;
        this.maker = maker;
    }

    /**
     * Returns what records an event of a channel.
     *
     * @param channel its name
     * @return that of the channel, or of the others
     */
    public T of(String channel) {
        if (named == null) {
            return others;
        }
        T one = known.get(channel);
        if (one != null) {
            return one;
        }
        return full || !named.test(channel) ? others : takeIn(channel);
    }

    /**
     * Returns what records a publish. One that goes to several channels is one message, of which
     * none is the destination.
     *
     * @param channels their names
     * @return that of the only channel, or of the others
     */
    public T of(Set<String> channels) {
        return named != null && channels.size() == 1 ? of(channels.iterator().next()) : others;
    }

    private synchronized T takeIn(String channel) {
        T there = known.get(channel);
        if (there != null) {
            return there;
        }
        if (full) {
            return others;
        }
        T made;
        try {
            made = maker.apply(channel);
        } catch (RuntimeException | LinkageError e) {
            // Code of the server, on the thread of a backend.
            full = true;
            Log.warn(ErrorCode.STATE, "The server takes no metrics of another channel", e);
            return others;
        }
        known.put(channel, made);
        if (known.size() == MAX) {
            full = true;
            Log.warn(
                    ErrorCode.STATE,
                    "Metrics name "
                            + MAX
                            + " channels; what comes of others is shown together. Set"
                            + " channels.policy.<id>.telemetry-channel-names for fewer channels.",
                    null);
        }
        return made;
    }

    /**
     * Returns what records channels that are not named.
     *
     * @return that of the others
     */
    public T others() {
        return others;
    }

    /**
     * Returns all that is recorded.
     *
     * @return that of the others first
     */
    public List<T> all() {
        List<T> all = new ArrayList<>();
        all.add(others);
        all.addAll(known.values());
        return all;
    }

    /** Names no more channels; when it returns, none is being made. */
    public synchronized void close() {
        full = true;
    }
}
