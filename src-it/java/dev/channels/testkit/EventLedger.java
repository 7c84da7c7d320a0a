package dev.channels.testkit;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records what one node gets on some channels: events, gaps and outages, in the order in which they
 * came. A sink that leaves out duplicates by position, as the plugin does, and counts them. {@link
 * History} judges what is in it. Safe for use by any thread.
 */
public final class EventLedger implements BackendSink {

    /** What an entry tells of. */
    enum Kind {
        EVENT,
        GAP,
        OUTAGE
    }

    /**
     * One thing that came.
     *
     * @param channel the channel; empty for an outage, which is one of all channels
     * @param text the payload of an event, else empty
     */
    record Entry(Kind kind, String channel, String text, long nanos) {

        boolean concerns(String of) {
            return kind == Kind.OUTAGE || channel.equals(of);
        }
    }

    private final Set<String> channels;
    private final Semaphore reconnections = new Semaphore(0);

    // Guarded by this
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Position> last = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();
    private int count;
    private int gaps;
    private int leftOut;
    private int disconnections;
    private int connections;

    /** Makes an empty ledger; what comes on other channels is not recorded. */
    public EventLedger(String... channels) {
        this.channels = Set.of(channels);
    }

    /** Returns the channels. */
    public Set<String> channels() {
        return channels;
    }

    @Override
    public synchronized void deliver(ChannelEvent event) {
        String channel = event.channel();
        if (!channels.contains(channel)) {
            return;
        }
        Position before = last.get(channel);
        if (before != null
                && event.position().isComparableTo(before)
                && !event.position().isAfter(before)) {
            leftOut++;
            return;
        }
        last.put(channel, event.position());
        String text = new String(event.data(), StandardCharsets.UTF_8);
        entries.add(new Entry(Kind.EVENT, channel, text, System.nanoTime()));
        count++;
        Numbered numbered = Numbered.parse(text);
        if (numbered != null) {
            newest.merge(numbered.series(), numbered.number(), Math::max);
        }
    }

    @Override
    public synchronized void gap(String channel) {
        entries.add(new Entry(Kind.GAP, channel, "", System.nanoTime()));
        gaps++;
    }

    @Override
    public synchronized void disconnected(@Nullable Throwable cause) {
        entries.add(new Entry(Kind.OUTAGE, "", "", System.nanoTime()));
        disconnections++;
    }

    @Override
    public synchronized void connected() {
        connections++;
        reconnections.release();
    }

    /** Waits for the next reconnection, or not longer than a moment. */
    void awaitReconnection() throws InterruptedException {
        if (reconnections.tryAcquire(100, TimeUnit.MILLISECONDS)) {
            reconnections.drainPermits();
        }
    }

    /** Forgets what came; what comes is still compared with the last position. */
    synchronized void clear() {
        entries.clear();
        count = 0;
        gaps = 0;
        leftOut = 0;
    }

    /** Returns what came so far. */
    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Returns the greatest number that came of a series so far, 0 if none did. */
    synchronized long newest(String series) {
        return newest.getOrDefault(series, 0L);
    }

    /** Returns how many events came so far. */
    public synchronized int count() {
        return count;
    }

    /** Returns the events that came so far. */
    public synchronized List<String> events() {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.EVENT)
                .map(Entry::text)
                .toList();
    }

    /** Returns how many gaps were signalled. */
    public synchronized int gaps() {
        return gaps;
    }

    /** Returns how many events were left out because of their position. */
    public synchronized int leftOut() {
        return leftOut;
    }

    /** Returns how many outages began. */
    public synchronized int disconnections() {
        return disconnections;
    }

    /** Returns how many outages ended. */
    public synchronized int connections() {
        return connections;
    }

    /** Returns the longest time in which no event came, in milliseconds. */
    public synchronized long longestSilence() {
        long longest = 0;
        long before = 0;
        for (Entry entry : entries) {
            if (entry.kind() == Kind.EVENT) {
                longest = Math.max(longest, before == 0 ? 0 : entry.nanos() - before);
                before = entry.nanos();
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
