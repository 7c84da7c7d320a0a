package dev.channels.bench.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Drives one route, as fast as it goes or at a pace. */
final class Lane {

    /** So many events are under way at most; fewer than a stream keeps. */
    private static final int WINDOW = 5_000;

    private static final int BATCH = 500;
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Route route;
    private final Arrivals arrivals;
    private final int channels;
    private final int size;
    private long published;

    Lane(Route route, Arrivals arrivals, int channels, int size) {
        this.route = route;
        this.arrivals = arrivals;
        this.channels = channels;
        this.size = size;
    }

    /** Publishes as fast as events come out. Returns how many that is in a second. */
    double perSecond(Duration time) throws Exception {
        long first = published;
        long began = System.nanoTime();
        while (System.nanoTime() - began < time.toNanos()) {
            for (int i = 0; i < BATCH; i++) {
                publish();
            }
            route.flush();
            awaitUnderWay(WINDOW);
        }
        awaitUnderWay(0);
        return (published - first) * 1e9 / (System.nanoTime() - began);
    }

    /** Publishes at an even pace; the arrivals then have the latencies. */
    void pace(int perSecond, Duration time) throws Exception {
        arrivals.reset();
        long began = System.nanoTime();
        long count = time.toSeconds() * perSecond;
        for (long i = 0; i < count; i++) {
            long due = began + i * 1_000_000_000L / perSecond;
            passUntil(due);
            publish();
            route.flush();
        }
        awaitUnderWay(0);
    }

    /** Lets time pass, in which nothing is published. */
    static void pass(Duration time) {
        passUntil(System.nanoTime() + time.toNanos());
    }

    private static void passUntil(long end) {
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    Arrivals arrivals() {
        return arrivals;
    }

    private void publish() throws Exception {
        route.publish((int) (published % channels), Arrivals.payload(size));
        published++;
    }

    private void awaitUnderWay(int atMost) {
        long began = System.nanoTime();
        while (published - arrivals.count() > atMost) {
            assertThat(System.nanoTime() - began).isLessThan(PATIENCE.toNanos());
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
