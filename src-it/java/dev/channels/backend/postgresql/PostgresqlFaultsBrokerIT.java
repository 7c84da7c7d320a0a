package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import dev.channels.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes publish numbered events while the broker fails. Nothing may be lost or come twice. */
final class PostgresqlFaultsBrokerIT {

    private static final String LARGE = "1000000";

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
        return new NodesUnderLoad(Signal.GAP, List.of(backend(), backend()));
    }

    private ChannelsBackend backend() {
        return broker.backend(
                "url", broker.url(proxy.port()), "history", LARGE, "connect-timeout", "1s");
    }

    @Test
    void terminatingConnectionsLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                terminate(" AND pid % 2 = " + i % 2);
                times.add(nodes.awaitFlow());
                nodes.awaitCalm();
                OutageWatch watch = nodes.watch();
                assertThat(terminate("")).isPositive();
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
            }
            check("pg_terminate_backend", times, nodes);
        }
    }

    private long terminate(String which) throws Exception {
        return broker.number(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE application_name = 'channels-ee'"
                        + which);
    }

    @Test
    void stoppingTheServerLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                OutageWatch watch = nodes.watch();
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
                OutageWatch watch = nodes.watch();
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
                OutageWatch watch = nodes.watch();
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
                OutageWatch watch = nodes.watch();
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

    /** What was sent in time reaches the server after the sender has given it up. */
    @Test
    void aSilentNetworkThatComesBackLosesNothing() throws Exception {
        try (NodesUnderLoad nodes = nodes()) {
            nodes.awaitFlow();
            List<Duration> times = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                List<Integer> before = repeated(nodes);
                OutageWatch watch = nodes.watch();
                proxy.delay(Duration.ofMillis(1_500));
                watch.awaitBegun();
                proxy.delay(Duration.ZERO);
                times.add(nodes.awaitFlow());
                watch.awaitEnded();
                assertThat(repeated(nodes))
                        .as("batches that were repeated, by node")
                        .allSatisfy(count -> assertThat(count).isPositive())
                        .isNotEqualTo(before);
            }
            check("silent network that comes back", times, nodes);
        }
    }

    private static List<Integer> repeated(NodesUnderLoad nodes) {
        return nodes.nodes().stream().map(node -> node.load().repeated()).toList();
    }

    @Test
    void trimmingDuringAnOutageIsAGapAndNothingElse() throws Exception {
        try (NodesUnderLoad nodes =
                new NodesUnderLoad(
                        Signal.GAP, List.of(trimming(broker.port()), trimming(proxy.port())))) {
            nodes.awaitFlow();
            OutageWatch watch = nodes.watch(1);
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
