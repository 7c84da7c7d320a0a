package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the application's own transactions publish: once, in the order of their commits, or never.
 */
class PostgresqlOutboxBrokerIT {

    private static final String NAME = "java:comp/env/jdbc/outbox";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int WORKERS = 6;
    private static final int TRANSACTIONS = 60;

    private static PostgresqlBroker broker;
    private static JndiPool pool;
    private static ExecutorService threads;

    @BeforeAll
    static void start() {
        broker = new PostgresqlBroker();
        pool = new JndiPool(NAME, broker.url());
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        pool.close();
        broker.close();
    }

    private static PostgresqlNode node(String prefix, String... more) {
        Map<String, String> settings = broker.settings("data-source", NAME, "table-prefix", prefix);
        settings.put("listen-url", broker.url());
        settings.put("publish-in-transaction", "join");
        settings.put("poll-interval", "50ms");
        settings.put("history", "1000000");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return PostgresqlNode.started(PostgresqlBroker.backend(settings));
    }

    private static ChannelOutbox outbox(PostgresqlNode node) {
        return node.backend.outbox().orElseThrow();
    }

    private static List<Publication> publications(String channel, String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .map(bytes -> new Publication(0, bytes, Set.of(channel), Map.of("by", "tx")))
                .toList();
    }

    private static void commit(PostgresqlNode node, String channel, String... texts)
            throws SQLException {
        try (JndiPool.Session session = pool.session()) {
            commit(node, session, channel, texts);
        }
    }

    private static void commit(
            PostgresqlNode node, JndiPool.Session session, String channel, String... texts)
            throws SQLException {
        session.begin();
        outbox(node).write(publications(channel, texts));
        session.commit();
        outbox(node).committed();
    }

    private static void assertNothingIsLeft(String prefix) throws SQLException {
        assertThat(broker.number("SELECT count(*) FROM " + prefix + "_outbox")).isZero();
    }

    private static List<String> awaitTexts(PostgresqlNode node, String channel, int count) {
        await().atMost(LONG).until(() -> node.sink.events(channel).size() >= count);
        return node.sink.awaitTexts(channel, count);
    }

    @Test
    void whatCommitsIsPublishedAndWhatRollsBackIsNot() throws Exception {
        try (PostgresqlNode one = node("plain");
                PostgresqlNode two = node("plain");
                JndiPool.Session session = pool.session()) {
            one.subscribe("a", "b");
            two.subscribe("a", "b");
            session.begin();
            outbox(one).write(publications("a", "never"));
            session.rollback();
            session.begin();
            outbox(one)
                    .write(
                            List.of(
                                    new Publication(0, new byte[] {'1'}, Set.of("a", "b")),
                                    new Publication(0, new byte[0], Set.of("a"))));
            outbox(one).write(publications("a", "late"));
            session.commit();
            outbox(one).committed();
            for (PostgresqlNode node : List.of(one, two)) {
                assertThat(awaitTexts(node, "a", 3)).containsExactly("1", "", "late");
                assertThat(awaitTexts(node, "b", 1)).containsExactly("1");
                assertThat(node.sink.events("a").get(2).headers()).containsEntry("by", "tx");
            }
            assertThat(PostgresqlNode.join(two.history().last("a", 9)).events())
                    .extracting(event -> event.position().offset())
                    .containsExactly(1L, 2L, 3L);
            assertNothingIsLeft("plain");
        }
    }

    /** The row of the counter is locked until the commit: its numbers are the order of commits. */
    private final class Counting {

        private final String prefix;
        private final AtomicBoolean killing = new AtomicBoolean(true);

        Counting(String prefix) throws SQLException {
            this.prefix = prefix;
            broker.execute("CREATE TABLE " + prefix + "_counter (n bigint)");
            broker.execute("INSERT INTO " + prefix + "_counter VALUES (0)");
        }

        void work(PostgresqlNode node, long seed) {
            Random random = new Random(seed);
            int done = 0;
            while (done < TRANSACTIONS) {
                try (JndiPool.Session session = pool.session()) {
                    while (done < TRANSACTIONS) {
                        done++;
                        transact(node, session, random.nextInt(10));
                    }
                } catch (SQLException | ChannelsException e) {
                    // This transaction is lost, or nobody knows; the next has a new connection.
                }
            }
        }

        private void transact(PostgresqlNode node, JndiPool.Session session, int fate)
                throws SQLException {
            session.begin();
            try (Statement statement = session.connection.createStatement()) {
                String sql = "UPDATE %s_counter SET n = n + 1 RETURNING n, pg_backend_pid()";
                try (ResultSet row = statement.executeQuery(sql.formatted(prefix))) {
                    row.next();
                    String number = row.getString(1);
                    outbox(node).write(publications("counted", number, number + "!"));
                    if (fate == 0) {
                        session.rollback();
                        return;
                    }
                    if (fate == 1) {
                        broker.execute("SELECT pg_terminate_backend(" + row.getInt(2) + ")");
                    }
                }
            }
            session.commit();
            outbox(node).committed();
        }

        /** Ends whatever session relays just now. */
        void killRelays() {
            String sql =
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype ="
                            + " 'advisory'";
            while (killing.get()) {
                try {
                    broker.number(sql);
                } catch (SQLException e) {
                    // The server is down itself.
                }
            }
        }

        void assertDeliveredTo(PostgresqlNode node) throws SQLException {
            long last = broker.number("SELECT n FROM " + prefix + "_counter");
            List<String> expected =
                    LongStream.rangeClosed(1, last)
                            .boxed()
                            .flatMap(n -> Stream.of(n.toString(), n + "!"))
                            .toList();
            assertThat(last).isPositive();
            assertThat(awaitTexts(node, "counted", expected.size())).isEqualTo(expected);
            List<ChannelEvent> events = node.sink.events("counted");
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).position().offset()).isEqualTo(i + 1L);
            }
            assertThat(node.sink.duplicates("counted")).isZero();
            assertThat(node.sink.gaps()).isZero();
        }
    }

    private CompletableFuture<Void> run(Counting counting, PostgresqlNode... nodes) {
        List<CompletableFuture<Void>> working = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            PostgresqlNode node = nodes[i % nodes.length];
            long seed = i;
            working.add(CompletableFuture.runAsync(() -> counting.work(node, seed), threads));
        }
        return CompletableFuture.allOf(working.toArray(CompletableFuture[]::new));
    }

    @Test
    void killedTransactionsAndKilledRelaysOfTwoNodesLoseNothingAndPublishNothingTwice()
            throws Exception {
        Counting counting = new Counting("killed");
        try (PostgresqlNode one = node("killed");
                PostgresqlNode two = node("killed")) {
            one.subscribe("counted");
            two.subscribe("counted");
            var killer = CompletableFuture.runAsync(counting::killRelays, threads);
            run(counting, one, two).get(LONG.toSeconds(), TimeUnit.SECONDS);
            counting.killing.set(false);
            killer.get(LONG.toSeconds(), TimeUnit.SECONDS);
            counting.assertDeliveredTo(one);
            counting.assertDeliveredTo(two);
            assertNothingIsLeft("killed");
        }
    }

    @Test
    void crashOfTheServerLosesNothingThatHasCommitted() throws Exception {
        Counting counting = new Counting("crashed");
        try (PostgresqlNode one = node("crashed");
                PostgresqlNode two = node("crashed")) {
            one.subscribe("counted");
            two.subscribe("counted");
            CompletableFuture<Void> working = run(counting, one, two);
            awaitTexts(one, "counted", 60);
            broker.crash();
            broker.start();
            working.get(LONG.toSeconds(), TimeUnit.SECONDS);
            counting.assertDeliveredTo(one);
            counting.assertDeliveredTo(two);
            assertNothingIsLeft("crashed");
        }
    }

    /** When a transaction began to write, and when its commit had returned, by one clock. */
    private record Span(long began, long ended) {}

    @Test
    void noTransactionComesBeforeOneThatHadCommittedWhenItBeganToCommit() throws Exception {
        AtomicLong clock = new AtomicLong();
        Map<String, Span> spans = new ConcurrentHashMap<>();
        try (PostgresqlNode one = node("spans");
                PostgresqlNode two = node("spans")) {
            one.subscribe("a");
            List<CompletableFuture<Void>> working = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                PostgresqlNode node = i % 2 == 0 ? one : two;
                String worker = i + "-";
                working.add(
                        CompletableFuture.runAsync(
                                () -> commitAll(node, worker, clock, spans), threads));
            }
            CompletableFuture.allOf(working.toArray(CompletableFuture[]::new))
                    .get(LONG.toSeconds(), TimeUnit.SECONDS);
            List<String> texts = awaitTexts(one, "a", WORKERS * TRANSACTIONS);
            assertThat(texts).doesNotHaveDuplicates().containsAll(spans.keySet());
            long firstEnd = Long.MAX_VALUE;
            for (int i = texts.size() - 1; i >= 0; i--) {
                Span span = spans.get(texts.get(i));
                assertThat(firstEnd).as("a later one had ended before").isGreaterThan(span.began);
                firstEnd = Math.min(firstEnd, span.ended);
            }
        }
    }

    private static void commitAll(
            PostgresqlNode node, String worker, AtomicLong clock, Map<String, Span> spans) {
        try (JndiPool.Session session = pool.session()) {
            for (int t = 0; t < TRANSACTIONS; t++) {
                long began = clock.incrementAndGet();
                commit(node, session, "a", worker + t);
                spans.put(worker + t, new Span(began, clock.incrementAndGet()));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void longTransactionHoldsUpNobody() throws Exception {
        try (PostgresqlNode node = node("long");
                JndiPool.Session slow = pool.session()) {
            node.subscribe("a");
            slow.begin();
            outbox(node).write(publications("a", "long"));
            for (int i = 0; i < 20; i++) {
                commit(node, "a", "joined " + i);
                node.publish("a", "apart " + i);
            }
            assertThat(awaitTexts(node, "a", 40)).hasSize(40).doesNotContain("long");
            assertThat(broker.number("SELECT count(*) FROM pg_locks WHERE NOT granted")).isZero();
            slow.commit();
            assertThat(awaitTexts(node, "a", 41)).endsWith("long");
        }
    }

    @Test
    void whatADeadNodeHasLeftIsPublishedByAnother() throws Exception {
        PostgresqlNode dead = node("dead");
        dead.close();
        try (PostgresqlNode node = node("dead")) {
            node.subscribe("a");
            commit(dead, "a", "1", "2");
            assertThat(awaitTexts(node, "a", 2)).containsExactly("1", "2");
        }
    }

    /** What a thread publishes after its commit comes after what it had published by it. */
    @Test
    void orderOfOneThreadHoldsAcrossItsTransactions() throws Exception {
        List<String> expected = new ArrayList<>();
        try (PostgresqlNode node = node("thread");
                PostgresqlNode other = node("thread")) {
            node.subscribe("a");
            for (int i = 0; i < 50; i++) {
                commit(node, "a", "in " + i);
                commit(other, "b", "elsewhere");
                node.publish("a", "after " + i);
                expected.add("in " + i);
                expected.add("after " + i);
            }
            assertThat(awaitTexts(node, "a", 100)).isEqualTo(expected);
        }
    }

    /** The relay dies while its statement is under way, on the lock that the test holds. */
    @Test
    void relayThatDiesInTheMiddleHasDoneNothing() throws Exception {
        try (PostgresqlNode node = node("middle");
                Connection holding = broker.connect();
                Statement statement = holding.createStatement()) {
            node.subscribe("a");
            commit(node, "a", "0");
            awaitTexts(node, "a", 1);
            broker.execute(
                    """
                    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN PERFORM pg_advisory_xact_lock_shared(77); RETURN OLD; END $$;
                    CREATE TRIGGER hold BEFORE DELETE ON middle_outbox
                    FOR EACH ROW EXECUTE FUNCTION hold();
                    """);
            holding.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(77)");
            commit(node, "a", "1", "2");
            String stuck = " FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
            await().atMost(LONG).until(() -> broker.number("SELECT count(*)" + stuck) == 1);
            assertThat(broker.number("SELECT count(pg_terminate_backend(pid))" + stuck)).isOne();
            holding.commit();
            assertThat(awaitTexts(node, "a", 3)).containsExactly("0", "1", "2");
            await().atMost(LONG)
                    .until(() -> broker.number("SELECT count(*) FROM middle_outbox") == 0);
            assertThat(node.sink.duplicates("a")).isZero();
        }
    }

    @Test
    void whatTheTablesRefuseIsKeptAndHoldsUpNobody() throws Exception {
        try (PostgresqlNode node = node("refused")) {
            node.subscribe("a", "b");
            broker.execute(
                    "ALTER TABLE refused_event ADD CONSTRAINT small CHECK (length(payload) < 9)");
            try (JndiPool.Session session = pool.session()) {
                session.begin();
                outbox(node).write(publications("a", "first", "much too large"));
                session.commit();
                session.begin();
                outbox(node).write(publications("b", "other"));
                session.commit();
            }
            outbox(node).committed();
            assertThat(awaitTexts(node, "b", 1)).containsExactly("other");
            assertThat(node.sink.events("a")).isEmpty();
            assertThat(
                            broker.number(
                                    "SELECT count(*) FROM refused_outbox WHERE refused LIKE"
                                            + " '%small%'"))
                    .isEqualTo(2);
            broker.execute("ALTER TABLE refused_event DROP CONSTRAINT small");
            broker.execute("UPDATE refused_outbox SET refused = NULL");
            assertThat(awaitTexts(node, "a", 2)).containsExactly("first", "much too large");
        }
    }

    @Test
    void largeTransactionIsMovedWhole() throws Exception {
        try (PostgresqlNode node = node("large", "poll-interval", "1h")) {
            node.subscribe("a");
            String[] texts =
                    LongStream.range(0, 5_000).mapToObj(Long::toString).toArray(String[]::new);
            commit(node, "a", texts);
            commit(node, "a", "end");
            assertThat(awaitTexts(node, "a", 5_001)).startsWith(texts).endsWith("end");
            assertOutboxIsReadByItsIndex("large");
            byte[] megabytes = new byte[40 << 20];
            List<Publication> tooMuch =
                    List.of(
                            new Publication(0, megabytes, Set.of("a")),
                            new Publication(0, megabytes, Set.of("a")));
            assertThatThrownBy(() -> outbox(node).write(tooMuch))
                    .isInstanceOfSatisfying(
                            ChannelsException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.EVENT_TOO_LARGE));
        }
    }

    /** Rows that were removed stay until a vacuum: whoever reads the table reads them all. */
    private static void assertOutboxIsReadByItsIndex(String prefix) {
        String scans = "SELECT %s FROM pg_stat_user_tables WHERE relname = '" + prefix + "_outbox'";
        await().atMost(LONG).until(() -> broker.number(scans.formatted("idx_scan")) > 0);
        await().atMost(LONG).until(() -> broker.number(scans.formatted("n_tup_del")) >= 5_000);
        try {
            assertThat(broker.number(scans.formatted("seq_tup_read"))).isZero();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void dataSourceThatTakesNoPartInTheTransactionIsToldFromOneThatDoes() throws Exception {
        try (PostgresqlNode node = node("apart");
                JndiPool.Session session = pool.session()) {
            for (Runnable call :
                    List.<Runnable>of(
                            () -> outbox(node).verify(),
                            () -> outbox(node).write(publications("a", "1")))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(ChannelsException.class)
                        .hasMessageContaining(NAME)
                        .hasMessageContaining("takes no part in JTA transactions")
                        .hasMessageContaining("committed");
            }
            session.begin();
            outbox(node).verify();
            session.rollback();
            assertNothingIsLeft("apart");
        }
    }
}
