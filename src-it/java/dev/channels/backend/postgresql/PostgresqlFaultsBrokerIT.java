package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.EventLedger;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.Node;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import dev.channels.testkit.NumberedLoad;
import dev.channels.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes publish numbered events while the broker fails. Nothing may be lost or come twice. */
final class PostgresqlFaultsBrokerIT {

    private static final String LARGE = "1000000";
    private static final String SESSIONS =
            " FROM pg_stat_activity WHERE application_name = 'channels-ee'";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String WAITING = " AND wait_event_type = 'Lock'";

    private PostgresqlBroker broker;
    private TcpProxy proxy;

    @BeforeEach
    void startBroker() {
        broker = new PostgresqlBroker();
        proxy = new TcpProxy(broker.port());
    }

    @AfterEach
    void stopBroker() {
        proxy.close();
        broker.close();
    }

    private NodesUnderLoad nodes() {
        return nodes("1s");
    }

    private NodesUnderLoad nodes(String timeout) {
        return new NodesUnderLoad(Signal.GAP, List.of(backend(timeout), backend(timeout)));
    }

    private ChannelsBackend backend(String timeout) {
        return broker.backend(
                "url", broker.url(proxy.port()), "history", LARGE, "connect-timeout", timeout);
    }

    /** An outage that begins while another one goes on is part of that. */
    private static OutageWatch watch(NodesUnderLoad nodes, int... which) {
        nodes.awaitCalm();
        return nodes.watch(which);
    }

    @Test
    void terminatingConnectionsLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                terminate(" AND pid % 2 = " + i % 2);
                times.add(nodes.awaitFlow());
                OutageWatch watch = watch(nodes);
                assertThat(terminate("")).isPositive();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("pg_terminate_backend", times, nodes);
        }
    }

    private long terminate(String which) throws Exception {
        return broker.number("SELECT count(pg_terminate_backend(pid))" + SESSIONS + which);
    }

    @Test
    void stoppingTheServerLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                OutageWatch watch = watch(nodes);
                broker.stop();
                broker.start();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("server stopped and started", times, nodes);
        }
    }

    @Test
    void crashingTheServerLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                OutageWatch watch = watch(nodes);
                broker.crash();
                broker.start();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("server killed and started", times, nodes);
        }
    }

    @Test
    void cuttingConnectionsLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                OutageWatch watch = watch(nodes);
                proxy.cut();
                watch.awaitBegun();
                proxy.restore();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("connections cut", times, nodes);
        }
    }

    @Test
    void aSilentNetworkIsNoticed() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                OutageWatch watch = watch(nodes);
                proxy.freeze();
                watch.awaitBegun();
                proxy.restore();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("silent network, noticed", times, nodes);
        }
    }

    @Test
    void aSlowNetworkLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                proxy.delay(Duration.ofMillis(400));
                times.add(nodes.awaitFlow());
                proxy.delay(Duration.ZERO);
                times.add(nodes.awaitFlow());
            }
            check("slow network", times, nodes);
        }
    }

    /** The server has stored a batch of each node when the network takes its answer. */
    @Test
    void aBatchWhoseAnswerIsLostIsNotPublishedTwice() throws Exception {
        try (NodesUnderLoad nodes = nodes("3s")) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 2; i++) {
                OutageWatch watch = watch(nodes);
                freezeWhilePublishing();
                for (Node node : nodes.nodes()) {
                    long unanswered = node.load().number();
                    awaitStored(unanswered, node.load());
                    assertThat(node.load().number()).isEqualTo(unanswered);
                }
                List<Integer> before = repeated(nodes);
                watch.awaitBegun();
                proxy.restore();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
                assertThat(repeated(nodes))
                        .as("repeated batches")
                        .satisfiesExactly(
                                first -> assertThat(first).isGreaterThan(before.get(0)),
                                second -> assertThat(second).isGreaterThan(before.get(1)));
            }
            check("answers to stored batches lost", times, nodes);
        }
    }

    /** Holds the channels' rows until both nodes wait for them at the server. */
    private void freezeWhilePublishing() throws Exception {
        try (Connection other = broker.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM channels_channel ORDER BY id FOR UPDATE");
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> broker.number("SELECT count(*)" + SESSIONS + WAITING) >= 2);
            proxy.freeze();
            other.commit();
        }
    }

    private void awaitStored(long number, NumberedLoad load) {
        String sql = "SELECT count(*) FROM channels_event WHERE payload = '%s:%d'";
        await().atMost(LONG).until(() -> broker.number(sql.formatted(load.series(), number)) > 0);
    }

    private static List<Integer> repeated(NodesUnderLoad nodes) {
        return nodes.nodes().stream().map(node -> node.load().repeated()).toList();
    }

    /** What was sent in time reaches the server after the sender has given it up. */
    @Test
    void whatArrivesAfterItsRepetitionIsNotPublishedTwice() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                OutageWatch watch = watch(nodes);
                proxy.delay(Duration.ofSeconds(3));
                watch.awaitBegun();
                proxy.delay(Duration.ZERO);
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
                await("the connections that were given up to end")
                        .atMost(LONG)
                        .until(() -> broker.number("SELECT count(*)" + SESSIONS) == 10);
            }
            check("late arrivals", times, nodes);
        }
    }

    @Test
    void trimmingDuringAnOutageIsAGapAndNothingElse() throws Exception {
        try (NodesUnderLoad nodes =
                new NodesUnderLoad(
                        Signal.GAP, List.of(trimming(broker.port()), trimming(proxy.port())))) {
            nodes.awaitFlow();
            OutageWatch watch = watch(nodes, 1);
            proxy.cut();
            watch.awaitBegun();
            long newest = broker.number("SELECT max(\"offset\") FROM channels_event");
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    broker.number("SELECT min(\"offset\") FROM channels_event")
                                            > newest);
            proxy.restore();
            Duration time = nodes.awaitFlow();
            watch.awaitEnded();
            checkTrimmed("trimming during an outage", time, nodes);
        }
    }

    /** The cleaner removes events while this reader, which is slower, is on its way to them. */
    @Test
    void trimmingAheadOfASlowReaderIsAGapAndNothingElse() throws Exception {
        try (NodesUnderLoad nodes =
                new NodesUnderLoad(
                        Signal.GAP, List.of(trimming(broker.port()), trimming(proxy.port())))) {
            nodes.awaitFlow();
            proxy.delay(Duration.ofMillis(200));
            EventLedger slow = nodes.nodes().get(1).ledger();
            await().atMost(LONG).until(() -> slow.gaps() >= 10);
            proxy.delay(Duration.ZERO);
            Duration time = nodes.awaitFlow();
            checkTrimmed("trimming ahead of a slow reader", time, nodes);
        }
    }

    private ChannelsBackend trimming(int port) {
        return broker.backend(
                "url",
                broker.url(port),
                "history",
                "10",
                "cleanup-interval",
                "100ms",
                "connect-timeout",
                "1s");
    }

    private static void checkTrimmed(String fault, Duration time, NodesUnderLoad nodes) {
        List<Verdict> verdicts = nodes.end();
        System.out.println("measured " + fault + ": " + verdicts + ", flow after " + time);
        assertThat(verdicts).allMatch(Verdict::isOrderly).allMatch(v -> v.leftOut() == 0);
        assertThat(verdicts.get(1).lost()).isPositive();
        assertThat(verdicts.get(1).gaps()).isPositive();
    }

    private static void check(String fault, List<Duration> times, NodesUnderLoad nodes) {
        for (Verdict verdict : nodes.end()) {
            System.out.println("measured " + fault + ": " + verdict + ", flow after " + times);
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            // They are not even handed to the plugin.
            assertThat(verdict.leftOut()).isZero();
            assertThat(verdict.accepted()).isPositive();
        }
    }
}
