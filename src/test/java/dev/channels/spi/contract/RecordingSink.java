package dev.channels.spi.contract;

import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.spi.BackendSink;
import dev.channels.spi.HistorySlice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sink that records what a backend pushes into it, and treats it as the plugin does: an event
 * whose position is not after that of the one before, in one epoch, is left out and counted.
 *
 * <p>Safe for use by any thread. Calls that overlap for one channel are let through and recorded as
 * {@linkplain #overlaps() overlaps}.
 */
public final class RecordingSink implements BackendSink {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger disconnections = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Set<String> overlaps = ConcurrentHashMap.newKeySet();

    private final Object lock = new Object();

    /** Guarded by lock. */
    private final Map<String, Received> channels = new HashMap<>();

    /** Guarded by lock. */
    private final Map<String, List<PresenceChange>> changes = new HashMap<>();

    /** Makes a sink that has recorded nothing. */
    public RecordingSink() {}

    @Override
    public void deliver(ChannelEvent event) {
        alone(event.channel(), received -> received.add(event));
    }

    @Override
    public void gap(String channel) {
        alone(channel, received -> received.gaps++);
    }

    @Override
    public void presenceChanged(PresenceChange change) {
        calls.incrementAndGet();
        synchronized (lock) {
            changes.computeIfAbsent(change.channel(), name -> new ArrayList<>()).add(change);
        }
    }

    /**
     * Waits until a number of clients has come to a channel or gone.
     *
     * @param channel the name of the channel
     * @param count how many changes at least
     * @return all changes of the channel so far, as {@code +id} and {@code -id}
     */
    public List<String> awaitPresenceChanges(String channel, int count) {
        await(count + " changes of presence in channel '" + channel + "'")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> presenceChanges(channel).size() >= count);
        return presenceChanges(channel).stream()
                .map(change -> (change.entered() ? "+" : "-") + change.client().id())
                .toList();
    }

    /**
     * Returns who has come to a channel and gone, so far.
     *
     * @param channel the name of the channel
     * @return the changes, in the order of the calls; a copy
     */
    public List<PresenceChange> presenceChanges(String channel) {
        synchronized (lock) {
            return List.copyOf(changes.getOrDefault(channel, List.of()));
        }
    }

    @Override
    public void disconnected(@Nullable Throwable cause) {
        calls.incrementAndGet();
        disconnections.incrementAndGet();
    }

    @Override
    public void connected() {
        calls.incrementAndGet();
        connections.incrementAndGet();
    }

    /**
     * Waits until a number of events of a channel has been delivered.
     *
     * @param channel the name of the channel
     * @param count how many events at least
     * @return all events of the channel so far, in the order of delivery, without duplicates
     * @throws org.awaitility.core.ConditionTimeoutException if they did not come within 30 seconds
     */
    public List<ChannelEvent> awaitEvents(String channel, int count) {
        await(count + " events of channel '" + channel + "'")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> count(channel) >= count);
        return events(channel);
    }

    /**
     * Waits as {@link #awaitEvents} does.
     *
     * @param channel the name of the channel
     * @param count how many events at least
     * @return the payloads of all events of the channel so far, decoded as UTF-8
     */
    public List<String> awaitTexts(String channel, int count) {
        return texts(awaitEvents(channel, count));
    }

    /**
     * Returns the events of a channel so far.
     *
     * @param channel the name of the channel
     * @return the events in the order of delivery, without duplicates; a copy
     */
    public List<ChannelEvent> events(String channel) {
        synchronized (lock) {
            Received received = channels.get(channel);
            return received == null ? List.of() : List.copyOf(received.events);
        }
    }

    /**
     * Returns how many events of a channel were left out because of their position.
     *
     * @param channel the name of the channel
     * @return the number of duplicates
     */
    public int duplicates(String channel) {
        synchronized (lock) {
            Received received = channels.get(channel);
            return received == null ? 0 : received.duplicates;
        }
    }

    /**
     * Returns how many gaps were reported.
     *
     * @return the number, over all channels
     */
    public int gaps() {
        synchronized (lock) {
            return channels.values().stream().mapToInt(received -> received.gaps).sum();
        }
    }

    /**
     * Returns the channels for which two calls overlapped.
     *
     * @return the names; empty for a backend that keeps the contract
     */
    public Set<String> overlaps() {
        return Set.copyOf(overlaps);
    }

    /**
     * Returns how often the connection to the broker was reported lost.
     *
     * @return the number of calls of {@link #disconnected}
     */
    public int disconnections() {
        return disconnections.get();
    }

    /**
     * Returns how often the broker was reported reachable again.
     *
     * @return the number of calls of {@link #connected}
     */
    public int connections() {
        return connections.get();
    }

    /**
     * Returns how often any method of the sink was called.
     *
     * @return the number of calls
     */
    public int calls() {
        return calls.get();
    }

    int count(String channel) {
        synchronized (lock) {
            Received received = channels.get(channel);
            return received == null ? 0 : received.events.size();
        }
    }

    static List<String> texts(List<ChannelEvent> events) {
        return events.stream()
                .map(event -> new String(event.data(), StandardCharsets.UTF_8))
                .toList();
    }

    static List<String> texts(HistorySlice slice) {
        return texts(slice.events());
    }

    private void alone(String channel, Consumer<Received> record) {
        calls.incrementAndGet();
        if (!busy.add(channel)) {
            overlaps.add(channel);
        }
        synchronized (lock) {
            record.accept(channels.computeIfAbsent(channel, name -> new Received()));
        }
        // Leaves an overlapping call the time to be seen.
        Thread.yield();
        busy.remove(channel);
    }

    private static final class Received {

        private final List<ChannelEvent> events = new ArrayList<>();
        private @Nullable Position last;
        private int duplicates;
        private int gaps;

        private void add(ChannelEvent event) {
            Position position = event.position();
            if (last != null && position.isComparableTo(last) && !position.isAfter(last)) {
                duplicates++;
            } else {
                last = position;
                events.add(event);
            }
        }
    }
}
