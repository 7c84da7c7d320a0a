package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether this JVM takes ever more heap or threads. The first fifth of the samples warms up; the
 * medians of the second fifth and of the last are compared.
 */
final class Footprint {

    /** Fewer samples say nothing. */
    private static final int ENOUGH = 50;

    /** Where each outage left a connection behind, it would be several times as much. */
    private static final long GROWTH_BYTES = 2 << 20;

    /**
     * Pools start threads when they first need them. Where one kind of outage in four left a thread
     * behind, it would be 15 more from the second to the last fifth of 100.
     */
    private static final int GROWTH_THREADS = 8;

    private static final double MIB = 1 << 20;

    private final List<Long> heap = new ArrayList<>();
    private final List<Long> threads = new ArrayList<>();

    /** Takes a sample, after a collection of garbage. */
    void sample() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least =
                    Math.min(
                            least,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        heap.add(least);
        threads.add((long) ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long first(List<Long> samples) {
        return median(samples.subList(samples.size() / 5, samples.size() * 2 / 5));
    }

    private static long last(List<Long> samples) {
        return median(samples.subList(samples.size() * 4 / 5, samples.size()));
    }

    private static long median(List<Long> samples) {
        return samples.stream().sorted().toList().get(samples.size() / 2);
    }

    /** Fails if there is more at the end than at the beginning. */
    void check() {
        if (heap.size() >= ENOUGH) {
            assertThat(last(heap)).as("heap").isLessThan(first(heap) + GROWTH_BYTES);
            assertThat(last(threads)).as("threads").isLessThan(first(threads) + GROWTH_THREADS);
        }
    }

    @Override
    public String toString() {
        return heap.size() < ENOUGH
                ? "heap and threads are compared from " + ENOUGH + " outages on"
                : String.format(
                        Locale.ROOT,
                        "heap after collection from %.1f to %.1f MiB, threads from %d to %d",
                        first(heap) / MIB,
                        last(heap) / MIB,
                        first(threads),
                        last(threads));
    }
}
