package dev.channels.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What an idle socket takes of the heap, after garbage collections. */
final class HeapScenario {

    private static final Load LOAD = Load.of(5000, 100);
    private static final int LOOKS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Settings settings;
    private final Side plugin;
    private final Side loop;
    private final Load load;

    /** Makes it for a door; a socket of the client endpoint follows ten channels. */
    HeapScenario(Settings settings, Side plugin, Side loop, Door door) {
        this.load =
                door == Door.PLAIN
                        ? LOAD
                        : Load.of(LOAD.sockets(), 10, LOAD.size(), LOAD.pace())
                                .by(door)
                                .following(10);
        this.settings = settings;
        this.plugin = plugin;
        this.loop = loop;
    }

    void run(Report report) throws Exception {
        plugin.close();
        loop.close();
        double[] ofPlugin = new double[settings.rounds()];
        double[] ofLoop = new double[settings.rounds()];
        for (Side side : List.of(plugin, loop)) {
            bytesPerSocket(side, load);
        }
        for (int i = 0; i < settings.rounds(); i++) {
            ofPlugin[i] = bytesPerSocket(plugin, load);
            ofLoop[i] = bytesPerSocket(loop, load);
        }
        report.addHeap(load, Spread.of(ofPlugin), Spread.of(ofLoop));
    }

    private double bytesPerSocket(Side side, Load opened) throws Exception {
        try (Sockets sockets = side.open(side == loop ? LOAD : opened)) {
            long with = side.app().usedHeap();
            sockets.close();
            double bytes = (with - leastHeap(side.app())) / (double) opened.sockets();
            System.out.printf(
                    "%s %-6s %.0f B per socket, heap %,d%n", settings.server(), side, bytes, with);
            return bytes;
        }
    }

    /** The server takes a while to see that its sockets are gone. */
    private static long leastHeap(App app) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LOOKS; i++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            least = Math.min(least, app.usedHeap());
        }
        return least;
    }
}
