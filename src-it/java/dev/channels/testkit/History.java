package dev.channels.testkit;

import dev.channels.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the loads published, and the judge of what each subscriber got of it: what was lost, came
 * twice or out of order, and where events are missing without a word. Safe for use by any thread.
 *
 * <p>Events that are missing between two of their series must have been signalled between these
 * two, those before the first one before it, those after the last one after it. An example, of one
 * channel, where {@code !} is the signal:
 *
 * <pre>
 *   accepted   a:1 a:2 a:3 a:4 a:5 a:6
 *   came       a:1 a:2  !  a:4 a:3 a:6    lost 1 (a:5), out of order 1 (a:3), unsignalled 1 (a:5)
 * </pre>
 */
public final class History {

    /** How a subscriber is told that events are missing. */
    public enum Signal {
        /** A gap of the channel. */
        GAP,
        /** A gap of the channel, or the beginning of an outage: a broker that keeps nothing. */
        OUTAGE
    }

    /**
     * What is wrong with what came, over all channels; an event to two channels counts twice.
     *
     * @param accepted how many events the broker accepted
     * @param received how many came
     * @param lost how many never came
     * @param duplicated how many came again, or were never accepted
     * @param outOfOrder how many came after a later one of their series
     * @param gaps how many gaps were signalled
     * @param unsignalled how many runs of lost events were not signalled at their place
     * @param leftOut how many more came again, but were recognised by their position
     * @param unrepeated how many of the duplicated were in no batch that was published again
     */
    public record Verdict(
            int accepted,
            int received,
            int lost,
            int duplicated,
            int outOfOrder,
            int gaps,
            int unsignalled,
            int leftOut,
            int unrepeated) {

        /** What is found before anything is read. */
        public static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** Returns the sums of both. */
        public Verdict plus(Verdict other) {
            return new Verdict(
                    accepted + other.accepted,
                    received + other.received,
                    lost + other.lost,
                    duplicated + other.duplicated,
                    outOfOrder + other.outOfOrder,
                    gaps + other.gaps,
                    unsignalled + other.unsignalled,
                    leftOut + other.leftOut,
                    unrepeated + other.unrepeated);
        }

        /** Returns whether every event came once and in order, with no gap signalled. */
        public boolean isClean() {
            return lost + gaps == 0 && isOrderly();
        }

        /** Returns whether events came once and in order, and each lost one was signalled. */
        public boolean isOrderly() {
            return duplicated + outOfOrder + unsignalled == 0;
        }
    }

    private final Signal signal;

    // By channel and series, in the order of publishing; guarded by this
    private final Map<String, Map<String, List<Long>>> accepted = new TreeMap<>();

    // Guarded by this
    private final Set<Numbered> repeated = new HashSet<>();

    /** Makes an empty history. */
    public History(Signal signal) {
        this.signal = signal;
    }

    /** Adds a publication, {@code series:number}, that the broker accepted. */
    public synchronized void add(Publication publication) {
        Numbered numbered = numbered(publication);
        for (String channel : publication.channels()) {
            accepted.computeIfAbsent(channel, name -> new TreeMap<>())
                    .computeIfAbsent(numbered.series(), name -> new ArrayList<>())
                    .add(numbered.number());
        }
    }

    /** Adds a publication that got no answer, and is published again. */
    public synchronized void addRepeated(Publication publication) {
        repeated.add(numbered(publication));
    }

    private static Numbered numbered(Publication publication) {
        String text = new String(publication.payload(), StandardCharsets.UTF_8);
        Numbered numbered = Numbered.parse(text);
        if (numbered == null) {
            throw new IllegalArgumentException(text);
        }
        return numbered;
    }

    /** Forgets what was published. */
    synchronized void clear() {
        accepted.clear();
        repeated.clear();
    }

    /** Returns whether a subscriber has got the last event of each series on each channel. */
    public synchronized boolean hasCome(EventLedger ledger) {
        Set<List<String>> missing = new HashSet<>();
        accepted.forEach(
                (channel, bySeries) ->
                        bySeries.forEach(
                                (series, numbers) -> {
                                    long number = numbers.get(numbers.size() - 1);
                                    String text = new Numbered(series, number).toString();
                                    missing.add(List.of(channel, text));
                                }));
        ledger.entries().forEach(entry -> missing.remove(List.of(entry.channel(), entry.text())));
        return missing.isEmpty();
    }

    /** Judges what a subscriber of all channels got. */
    public synchronized Verdict judge(EventLedger ledger) {
        List<EventLedger.Entry> entries = ledger.entries();
        Verdict verdict = new Verdict(0, 0, 0, 0, 0, ledger.gaps(), 0, ledger.leftOut(), 0);
        Set<String> channels = new HashSet<>(ledger.channels());
        channels.addAll(accepted.keySet());
        for (String channel : channels) {
            verdict =
                    verdict.plus(
                            judge(
                                    accepted.getOrDefault(channel, Map.of()),
                                    entries.stream().filter(e -> e.concerns(channel)).toList()));
        }
        return verdict;
    }

    private Verdict judge(Map<String, List<Long>> published, List<EventLedger.Entry> entries) {
        Set<Numbered> expected = new HashSet<>();
        published.forEach((s, numbers) -> numbers.forEach(n -> expected.add(new Numbered(s, n))));
        Map<Numbered, Integer> places = new HashMap<>();
        Map<String, Long> newest = new HashMap<>();
        // How many signals come before each entry.
        int[] signals = new int[entries.size() + 1];
        int received = 0;
        int duplicated = 0;
        int unrepeated = 0;
        int outOfOrder = 0;
        for (int i = 0; i < entries.size(); i++) {
            EventLedger.Entry entry = entries.get(i);
            signals[i + 1] = signals[i] + (isSignal(entry) ? 1 : 0);
            if (entry.kind() == EventLedger.Kind.EVENT) {
                received++;
                Numbered event = Numbered.parse(entry.text());
                if (event == null || !expected.contains(event) || places.containsKey(event)) {
                    duplicated++;
                    unrepeated += event == null || !repeated.contains(event) ? 1 : 0;
                } else {
                    places.put(event, i);
                    outOfOrder += event.number() < newest.getOrDefault(event.series(), 0L) ? 1 : 0;
                    newest.merge(event.series(), event.number(), Math::max);
                }
            }
        }
        int unsignalled = 0;
        for (Map.Entry<String, List<Long>> series : published.entrySet()) {
            unsignalled += unsignalled(series.getKey(), series.getValue(), places, signals);
        }
        int lost = expected.size() - places.size();
        return new Verdict(
                expected.size(),
                received,
                lost,
                duplicated,
                outOfOrder,
                0,
                unsignalled,
                0,
                unrepeated);
    }

    private boolean isSignal(EventLedger.Entry entry) {
        return entry.kind() == EventLedger.Kind.GAP
                || (entry.kind() == EventLedger.Kind.OUTAGE && signal == Signal.OUTAGE);
    }

    private static int unsignalled(
            String series, List<Long> numbers, Map<Numbered, Integer> places, int[] signals) {
        int unsignalled = 0;
        int before = -1;
        boolean missing = false;
        for (long number : numbers) {
            Integer place = places.get(new Numbered(series, number));
            if (place == null) {
                missing = true;
            } else {
                unsignalled += missing && !isSignalled(before, place, signals) ? 1 : 0;
                missing = false;
                before = place;
            }
        }
        boolean silentEnd = missing && !isSignalled(before, signals.length - 1, signals);
        return unsignalled + (silentEnd ? 1 : 0);
    }

    /** Tells whether there is a signal between two places, neither of which is one. */
    private static boolean isSignalled(int one, int other, int[] signals) {
        return signals[Math.max(one, other)] > signals[Math.max(0, Math.min(one, other))];
    }
}
