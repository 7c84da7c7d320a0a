package dev.channels.bench.app;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Publishes what an order says, at its pace, on the thread that calls. */
final class Publisher {

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Order order;
    private final BiConsumer<String, String> target;
    private final Progress progress;
    private final String[] channels;
    private final long begin = System.nanoTime();
    private final long end;

    /**
     * Makes a publisher.
     *
     * @param target takes the text of an event and the name of its channel
     */
    Publisher(Order order, BiConsumer<String, String> target) {
        this.order = order;
        this.target = target;
        progress = new Progress(Path.of(order.progress()));
        channels =
                IntStream.range(0, order.channels()).mapToObj(i -> "c" + i).toArray(String[]::new);
        end = begin + TimeUnit.MILLISECONDS.toNanos(order.millis());
    }

    /** Publishes, and returns how many events each channel got, and when it began. */
    String run() {
        long published = 0;
        while (published < order.events() && awaitTurn(published)) {
            for (int i = 0; i < channels.length; i++) {
                publish(published, i);
            }
            published++;
        }
        return published + " " + begin;
    }

    /**
     * An event that is late keeps the moment it was due, so that what made it late counts as its
     * latency.
     */
    private void publish(long published, int channel) {
        long due = due(published * channels.length + channel);
        parkUntil(due);
        target.accept(
                EventText.of(order.first() + published, due, order.size()), channels[channel]);
    }

    private long due(long event) {
        return order.pace() == 0
                ? System.nanoTime()
                : begin + event * TimeUnit.SECONDS.toNanos(1) / order.pace();
    }

    private static void parkUntil(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Waits until the next event of each channel may be published; false at the end of time. */
    private boolean awaitTurn(long published) {
        if (order.pace() > 0) {
            return due(published * channels.length) < end;
        }
        while (System.nanoTime() < end) {
            if (published - progress.deliveries() / order.sockets() < order.outstanding()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return false;
    }
}
