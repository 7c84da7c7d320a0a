package dev.channels.bench;

import dev.channels.bench.app.Order;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One side of the comparison: an application with its sockets, and how to measure it. */
final class Side implements AutoCloseable {

    private final String name;
    private final App app;
    private final CpuClock cpu;
    private final EventLoopGroup loop;
    private final Path progress;
    private Sockets sockets;

    /**
     * Makes a side without sockets.
     *
     * @param cpu the time of the server
     * @param loop what its sockets run on
     * @param progress a file for the progress of its deliveries
     */
    Side(String name, App app, CpuClock cpu, EventLoopGroup loop, Path progress) {
        this.name = name;
        this.app = app;
        this.cpu = cpu;
        this.loop = loop;
        this.progress = progress;
        sockets = new Sockets(loop, app.address(), progress, Door.PLAIN);
    }

    App app() {
        return app;
    }

    /** Returns how many threads the server has. */
    int threads() throws IOException {
        return cpu.threadCount();
    }

    /** Opens the sockets of a load, the same number for each channel, and returns them. */
    Sockets open(Load load) throws Exception {
        close();
        sockets = new Sockets(loop, app.address(), progress, load.door());
        sockets.open(load.sockets(), load.channels(), load.perSocket());
        return sockets;
    }

    /** Has no socket, and returns where some can be opened. */
    Sockets openNone(Door door) throws Exception {
        close();
        sockets = new Sockets(loop, app.address(), progress, door);
        return sockets;
    }

    /** Publishes for a time, and tells what it took. */
    Run run(Load load, Duration time) throws Exception {
        double idle = load.isPaced() ? cpu.idleShare() : 0;
        Order order = load.order(app, time, progress);
        sockets.begin(order.first());
        long cpuBefore = cpu.read();
        long before = System.nanoTime();
        App.Published published = App.get(app.publish(order));
        Tally.Received received = sockets.await(published.events() * load.deliveriesPerRound());
        double busy = cpu.read() - cpuBefore - idle * (System.nanoTime() - before);
        double seconds =
                (received.lastArrival() - published.begin()) / (double) TimeUnit.SECONDS.toNanos(1);
        long expected = published.events() * load.deliveriesPerRound();
        return new Run(
                busy / 1000 / received.count(),
                received.count() / seconds,
                millis(received.latency(), 50),
                millis(received.latency(), 99),
                millis(received.latency(), 100),
                expected - received.count() + received.misplaced(),
                cpu.threadCount());
    }

    static double millis(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    @Override
    public void close() throws InterruptedException {
        sockets.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
