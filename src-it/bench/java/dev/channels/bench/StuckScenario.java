package dev.channels.bench;

import dev.channels.bench.app.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Two of 200 sockets stop reading: the latency of the other 198, beside that of 198 sockets without
 * such neighbours.
 */
final class StuckScenario {

    private static final int READERS = 198;
    private static final int STUCK = 2;

    /** What fills the buffers between the server and a client that does not read: 3 MB on Linux. */
    private static final Load FILL = Load.of(STUCK, 1, 16_384, 300);

    private static final Duration FILL_TIME = Duration.ofSeconds(2);
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Round BLOCKED =
            new Round(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, true);
    private static final Load PACED = Load.of(READERS, 1, 1024, 25);

    /** With fewer events the 99th percentile is that of one of them. */
    private static final int LONGER = 4;

    private final Settings settings;
    private final Side plugin;
    private final Side loop;
    private final Door door;

    StuckScenario(Settings settings, Side plugin, Side loop, Door door) {
        this.door = door;
        this.settings = settings;
        this.plugin = plugin;
        this.loop = loop;
    }

    /**
     * The result of one round.
     *
     * @param alone the 99th percentile without stuck sockets, in ms
     * @param beside the one with them
     * @param blocked whether the publisher stood still until the stuck sockets were closed
     */
    record Round(double alone, double beside, boolean blocked) {}

    /** The plugin first, because a loop that stands still keeps threads of the server. */
    void run(Report report) throws Exception {
        List<Round> ofPlugin = new ArrayList<>();
        for (int i = 0; i < settings.rounds(); i++) {
            ofPlugin.add(round(plugin));
        }
        report.addStuck(door, ofPlugin, loopRounds());
    }

    private List<Round> loopRounds() throws Exception {
        List<Round> rounds = new ArrayList<>();
        try {
            for (int i = 0; i < settings.rounds(); i++) {
                rounds.add(round(loop));
            }
        } catch (TimeoutException e) {
            // A loop over Open Liberty's basic remote may not come back from a dead socket at all,
            // and no other round is possible on that server.
            System.out.println(settings.server() + " A publisher stood still for good: " + e);
            rounds.add(BLOCKED);
        } catch (ExecutionException e) {
            // One on Payara may fail at a socket that is closed below it.
            System.out.println(settings.server() + " The loop failed: " + e.getCause());
            if (rounds.isEmpty()) {
                rounds.add(BLOCKED);
            }
        }
        return rounds;
    }

    private Round round(Side side) throws Exception {
        Measured alone = measure(side, 0);
        Measured beside = measure(side, STUCK);
        Round round = new Round(alone.p99, beside.p99, beside.blocked);
        System.out.printf("%s %-6s %s%n", settings.server(), side, round);
        return round;
    }

    private record Measured(double p99, boolean blocked) {}

    private Measured measure(Side side, int stuck) throws Exception {
        try (Sockets sockets = side.openNone(side == loop ? Door.PLAIN : door)) {
            sockets.openStuck(stuck);
            if (!publish(side.app(), sockets, FILL, FILL_TIME)) {
                return new Measured(Double.POSITIVE_INFINITY, true);
            }
            sockets.open(READERS, 1, 1);
            publish(side.app(), sockets, PACED, WARM_UP);
            boolean flowing =
                    publish(side.app(), sockets, PACED, settings.time().multipliedBy(LONGER));
            return new Measured(Side.millis(sockets.read().latency(), 99), !flowing);
        }
    }

    /** Publishes, and frees a publisher that stands still by closing the sockets that block it. */
    private boolean publish(App app, Sockets sockets, Load load, Duration time) throws Exception {
        Order order = load.order(app, time, sockets.file());
        sockets.begin(order.first());
        CompletableFuture<App.Published> publishing = app.publish(order);
        boolean flowing = true;
        try {
            publishing.get(time.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            flowing = false;
            sockets.closeStuck();
        }
        sockets.await(App.get(publishing).events() * sockets.readers());
        return flowing;
    }
}
