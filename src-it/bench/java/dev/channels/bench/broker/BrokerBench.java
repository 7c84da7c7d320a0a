package dev.channels.bench.broker;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.bench.Machine;
import dev.channels.bench.Settings;
import dev.channels.bench.Spread;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Measures each broker's backend beside its bare client, on one broker and in one run. */
final class BrokerBench {

    private static final int PACE = 500;
    private static final int[] CHANNELS = {1, 1_000};

    /** More than can be under way, or else a reader of bare streams would lose some. */
    private static final int HISTORY = 10_000;

    private static final Settings SETTINGS = Settings.read();
    private static final int[] SIZES =
            Stream.of(System.getProperty("bench.bytes").split(","))
                    .mapToInt(Integer::parseInt)
                    .toArray();
    private static final List<String> RATES = new ArrayList<>();
    private static final List<String> LATENCIES = new ArrayList<>();
    private static final List<String> NOTES = new ArrayList<>();

    @BeforeAll
    static void begin() throws IOException {
        NOTES.add(Machine.describe(SETTINGS) + "; load average " + load() + " before");
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /** Makes routes of one kind. */
    private interface Routes {
        Route open(int channels, boolean listening, Arrivals arrivals) throws Exception;
    }

    @Test
    void redisPubSub() throws Exception {
        try (RedisBroker broker = new RedisBroker()) {
            String uri = "redis://127.0.0.1:" + broker.port();
            compare(
                    "redis-pubsub",
                    plugin("redis-pubsub", Map.of("uri", uri)),
                    (channels, listening, arrivals) ->
                            new LettucePubSub(uri, channels, listening, arrivals));
        }
    }

    @Test
    void redisStreams() throws Exception {
        try (RedisBroker broker = new RedisBroker()) {
            String uri = "redis://127.0.0.1:" + broker.port();
            compare(
                    "redis-streams",
                    onEmptyRedis(
                            uri,
                            plugin(
                                    "redis-streams",
                                    Map.of("uri", uri, "history", Integer.toString(HISTORY)))),
                    (channels, listening, arrivals) ->
                            new LettuceStreams(uri, channels, HISTORY, listening, arrivals));
        }
    }

    /** Forgets the streams of the comparison before: readers begin at their beginning. */
    private static Routes onEmptyRedis(String uri, Routes routes) {
        return (channels, listening, arrivals) -> {
            RedisClient client = RedisClient.create(uri);
            client.connect().sync().flushall();
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
            return routes.open(channels, listening, arrivals);
        };
    }

    private static Routes plugin(String backend, Map<String, String> settings) {
        return (channels, listening, arrivals) ->
                new PluginRoute(backend, settings, channels, listening, arrivals);
    }

    private static void compare(String backend, Routes plugin, Routes bare) throws Exception {
        for (int size : SIZES) {
            for (int channels : CHANNELS) {
                compareRates(backend, plugin, bare, channels, size, false);
                compareRates(backend, plugin, bare, channels, size, true);
                try (Opened one = Opened.of(plugin, channels, size, true);
                        Opened other = Opened.of(bare, channels, size, true)) {
                    addLatency(backend, channels, size, duel(one, other).latency(PACE));
                }
            }
        }
    }

    private static void compareRates(
            String backend, Routes plugin, Routes bare, int channels, int size, boolean listening)
            throws Exception {
        try (Opened one = Opened.of(plugin, channels, size, listening);
                Opened other = Opened.of(bare, channels, size, listening)) {
            String what = listening ? "publish to callback" : "publish to answer";
            add(
                    RATES,
                    "| %s | %s | %,d | %,d | %s |",
                    backend,
                    what,
                    channels,
                    size,
                    duel(one, other).perSecond());
        }
    }

    private static void addLatency(String backend, int channels, int size, String cells) {
        add(LATENCIES, "| %s | %,d | %,d | %s |", backend, channels, size, cells);
    }

    private static void add(List<String> rows, String format, Object... cells) {
        String row = String.format(Locale.ROOT, format, cells);
        System.out.println(row);
        rows.add(row);
    }

    private static Duel duel(Opened plugin, Opened bare) {
        return new Duel(plugin.lane(), bare.lane(), SETTINGS.rounds(), SETTINGS.time());
    }

    /** A route in use. */
    private record Opened(Route route, Lane lane) implements AutoCloseable {

        static Opened of(Routes routes, int channels, int size, boolean listening)
                throws Exception {
            Arrivals arrivals = new Arrivals();
            Route route = routes.open(channels, listening, arrivals);
            return new Opened(route, new Lane(route, arrivals, channels, size));
        }

        @Override
        public void close() throws Exception {
            route.close();
        }
    }

    @Test
    void postgresql() throws Exception {
        try (PostgresqlBroker broker = new PostgresqlBroker()) {
            Map<String, String> settings =
                    Map.of("url", broker.url(), "user", "postgres", "password", "");
            Routes plugin = plugin("postgresql", settings);
            Routes bare =
                    (channels, listening, arrivals) -> new BatchedInsert(broker.url(), arrivals);
            for (int size : SIZES) {
                for (int channels : CHANNELS) {
                    compareRates("postgresql", plugin, bare, channels, size, false);
                    try (Opened opened = Opened.of(plugin, channels, size, true)) {
                        addLatency("postgresql", channels, size, alone(opened.lane()));
                    }
                }
            }
            idle(broker, plugin);
        }
    }

    private static String alone(Lane lane) throws Exception {
        lane.pace(PACE, SETTINGS.time());
        double[] p50 = new double[SETTINGS.rounds()];
        double[] p99 = new double[SETTINGS.rounds()];
        for (int i = 0; i < p50.length; i++) {
            lane.pace(PACE, SETTINGS.time());
            p50[i] = lane.arrivals().millis(50);
            p99[i] = lane.arrivals().millis(99);
        }
        return Spread.of(p50).median("%.2f") + " | " + Spread.of(p99).median("%.2f") + " | –";
    }

    /** How many statements nodes send when nothing is published. */
    private static void idle(PostgresqlBroker broker, Routes plugin) throws Exception {
        try (Opened opened = Opened.of(plugin, 10_000, 100, true)) {
            opened.lane().pace(1, Duration.ofSeconds(1));
            // The server counts a transaction up to a second after its end.
            Lane.pass(Duration.ofSeconds(3));
            long before = commits(broker);
            long began = System.nanoTime();
            Lane.pass(Duration.ofSeconds(5));
            double perSecond = (commits(broker) - before) * 1e9 / (System.nanoTime() - began);
            add(
                    NOTES,
                    "two idle nodes of postgresql, one with 10,000 channels: %.1f transactions/s",
                    perSecond);
        }
    }

    private static long commits(PostgresqlBroker broker) throws SQLException {
        try (Connection connection = DriverManager.getConnection(broker.url(), "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT xact_commit + xact_rollback FROM pg_stat_database"
                                        + " WHERE datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }

    @AfterAll
    static void report() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("## brokers: plugin / bare client");
        lines.add("");
        lines.add(String.join("; ", NOTES) + "; load average " + load() + " after");
        lines.add("");
        lines.add("| backend | events/s | channels | bytes | plugin | bare | ratio |");
        lines.add("|" + " --- |".repeat(7));
        lines.addAll(RATES);
        lines.add("");
        lines.add(
                "| publish to callback at "
                        + PACE
                        + "/s | channels | bytes | p50 ms | p99 ms | p50 beyond bare, ms |");
        lines.add("|" + " --- |".repeat(6));
        lines.addAll(LATENCIES);
        Files.createDirectories(SETTINGS.directory());
        Files.write(SETTINGS.directory().resolve("brokers.md"), lines);
        System.out.println("\n" + String.join("\n", lines) + "\n");
    }
}
