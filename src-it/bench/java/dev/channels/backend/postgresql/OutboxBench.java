package dev.channels.backend.postgresql;

import dev.channels.ChannelEvent;
import dev.channels.PresenceChange;
import dev.channels.bench.Settings;
import dev.channels.bench.Spread;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Measures events that a transaction writes itself beside a bare insert in the same place. */
final class OutboxBench {

    private static final String NAME = "java:comp/env/jdbc/outbox-bench";
    private static final int BYTES = 100;
    private static final int PACE = 200;
    private static final Settings SETTINGS = Settings.read();

    private static final String BARE =
            "INSERT INTO bare (channel, payload) SELECT 'a', p FROM unnest(?::bytea[]) AS p";

    /** Does in a transaction what is measured. */
    private interface Work {
        void run(JndiPool.Session session, List<Publication> events) throws SQLException;
    }

    /** Takes the time from what is in the payload to the delivery. */
    private static final class Stopwatch implements BackendSink {

        private final AtomicInteger delivered = new AtomicInteger();
        private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void deliver(ChannelEvent event) {
            delivered.incrementAndGet();
            long began = Long.parseLong(event.text().strip());
            if (began > 0) {
                millis.add((System.nanoTime() - began) / 1e6);
            }
        }

        @Override
        public void gap(String channel) {}

        @Override
        public void presenceChanged(PresenceChange change) {}

        @Override
        public void disconnected(Throwable cause) {}

        @Override
        public void connected() {}

        double percentile(int percent) {
            List<Double> sorted = new ArrayList<>(millis);
            Collections.sort(sorted);
            return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
        }
    }

    private final List<String> lines = new ArrayList<>();
    private final Stopwatch stopwatch = new Stopwatch();
    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger sequence = new AtomicInteger();

    private static List<Publication> events(int count, long time) {
        String padded = String.format(Locale.ROOT, "%-" + BYTES + "d", time);
        byte[] payload = padded.getBytes(StandardCharsets.UTF_8);
        return Collections.nCopies(count, new Publication(0, payload, Set.of("a")));
    }

    private static void order(JndiPool.Session session) throws SQLException {
        try (PreparedStatement insert =
                session.connection.prepareStatement("INSERT INTO orders (text) VALUES (?)")) {
            insert.setString(1, "an order");
            insert.executeUpdate();
        }
    }

    private static void bare(JndiPool.Session session, List<Publication> events)
            throws SQLException {
        order(session);
        try (PreparedStatement insert = session.connection.prepareStatement(BARE)) {
            byte[][] payloads = events.stream().map(Publication::payload).toArray(byte[][]::new);
            insert.setArray(1, session.connection.createArrayOf("bytea", payloads));
            insert.executeUpdate();
        }
        session.commit();
    }

    private Work joined(ChannelsBackend backend) {
        return (session, events) -> {
            order(session);
            backend.outbox().orElseThrow().write(events);
            session.commit();
            backend.outbox().orElseThrow().committed();
            published.addAndGet(events.size());
        };
    }

    /** Returns how many transactions a number of threads commit in a second. */
    private static double perSecond(JndiPool pool, Work work, int threads, int events) {
        long until = System.nanoTime() + SETTINGS.time().toNanos();
        long began = System.nanoTime();
        List<CompletableFuture<Integer>> running =
                IntStream.range(0, threads)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> commit(pool, work, events, until),
                                                task -> new Thread(task).start()))
                        .toList();
        int sum = running.stream().mapToInt(CompletableFuture::join).sum();
        return sum * 1e9 / (System.nanoTime() - began);
    }

    private static int commit(JndiPool pool, Work work, int events, long until) {
        int count = 0;
        try (JndiPool.Session session = pool.session()) {
            for (; System.nanoTime() < until; count++) {
                session.begin();
                work.run(session, events(events, 0));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return count;
    }

    private void compare(JndiPool pool, ChannelsBackend backend, int threads, int events) {
        Map<String, Work> works = new LinkedHashMap<>();
        works.put(
                "order only",
                (session, none) -> {
                    order(session);
                    session.commit();
                });
        works.put("and a bare insert", OutboxBench::bare);
        works.put("and joined events", joined(backend));
        Map<String, double[]> figures = new LinkedHashMap<>();
        for (int round = 0; round <= SETTINGS.rounds(); round++) {
            for (Map.Entry<String, Work> work : works.entrySet()) {
                double rate = perSecond(pool, work.getValue(), threads, events);
                awaitAllDelivered();
                if (round > 0) { // the first one warms up
                    figures.computeIfAbsent(work.getKey(), any -> new double[SETTINGS.rounds()])[
                                    round - 1] =
                            rate;
                }
            }
        }
        figures.forEach(
                (what, rates) ->
                        add(
                                "| %s | %d | %d | %s |",
                                what, threads, events, Spread.of(rates).withRange()));
    }

    private void awaitAllDelivered() {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (stopwatch.delivered.get() < published.get()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("events are missing");
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** One thread at an even pace: from before the commit, or the publish, to the sink. */
    private void latency(String what, JndiPool pool, Work work) throws SQLException {
        stopwatch.millis.clear();
        List<Double> returned = new ArrayList<>();
        try (JndiPool.Session session = pool.session()) {
            long next = System.nanoTime();
            long until = next + SETTINGS.time().toNanos() * SETTINGS.rounds();
            while (System.nanoTime() < until) {
                next += TimeUnit.SECONDS.toNanos(1) / PACE;
                LockSupport.parkNanos(next - System.nanoTime());
                session.begin();
                long began = System.nanoTime();
                work.run(session, events(1, began));
                returned.add((System.nanoTime() - began) / 1e6);
            }
        }
        awaitAllDelivered();
        Collections.sort(returned);
        add(
                "| %s | %.2f | %s |",
                what,
                returned.get(returned.size() / 2),
                stopwatch.millis.isEmpty()
                        ? "– | –"
                        : String.format(
                                Locale.ROOT,
                                "%.2f | %.2f",
                                stopwatch.percentile(50),
                                stopwatch.percentile(99)));
    }

    private void latencies(String when, JndiPool pool, ChannelsBackend backend)
            throws SQLException {
        add("| %s, %d/s, one thread | call p50 ms | delivery p50 ms | p99 ms |", when, PACE);
        add("| --- | --- | --- | --- |");
        latency("order and a bare insert", pool, OutboxBench::bare);
        latency("order and a joined event", pool, joined(backend));
        latency(
                "publish alone, no transaction",
                pool,
                (session, events) -> {
                    session.rollback();
                    PostgresqlNode.join(
                            backend.publish(
                                    List.of(
                                            new Publication(
                                                    sequence.incrementAndGet(),
                                                    events.get(0).payload(),
                                                    Set.of("a")))));
                    published.incrementAndGet();
                });
    }

    private void add(String format, Object... cells) {
        String row = String.format(Locale.ROOT, format, cells);
        System.out.println(row);
        lines.add(row);
    }

    @Test
    void joinedEventsBesideABareInsert() throws Exception {
        try (PostgresqlBroker broker = new PostgresqlBroker();
                JndiPool pool = new JndiPool(NAME, broker.url())) {
            try (Connection connection = broker.connect();
                    Statement statement = connection.createStatement()) {
                // The embedded server is told otherwise; for all connections that follow.
                statement.execute("ALTER ROLE postgres SET synchronous_commit = on");
                statement.execute("CREATE TABLE orders (id bigserial PRIMARY KEY, text text)");
                statement.execute(
                        "CREATE TABLE bare (id bigserial PRIMARY KEY, channel text NOT NULL,"
                                + " payload bytea NOT NULL)");
            }
            Map<String, String> settings =
                    broker.settings("data-source", NAME, "publish-in-transaction", "join");
            settings.put("listen-url", broker.url());
            settings.put("cleanup-interval", "30s");
            ChannelsBackend backend = PostgresqlBroker.backend(settings);
            PostgresqlNode.join(backend.start(stopwatch));
            PostgresqlNode.join(backend.subscribe(Set.of("a")));
            try {
                latencies("fresh tables", pool, backend);
                add("");
                add("| in each transaction | threads | events | transactions/s |");
                add("| --- | --- | --- | --- |");
                for (int threads : new int[] {1, 4}) {
                    compare(pool, backend, threads, 1);
                    compare(pool, backend, threads, 10);
                }
                add("");
                latencies("after that load", pool, backend);
            } finally {
                PostgresqlNode.join(backend.stop());
            }
        }
        write();
    }

    private void write() throws IOException {
        Files.createDirectories(SETTINGS.directory());
        Files.write(SETTINGS.directory().resolve("outbox.md"), lines);
    }
}
