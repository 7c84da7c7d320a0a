package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import dev.channels.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Two nodes under load, each with numbered events, while something breaks again and again. */
abstract class RedisFaultsBrokerIT {

    static final int A_WHILE = 150;

    RedisBroker broker;
    TcpProxy proxy;
    NodesUnderLoad nodes;

    abstract BackendFactory factory();

    abstract Signal signal();

    abstract void check(Verdict verdict);

    /** Starts one node that speaks to the broker itself, and one that does through a proxy. */
    @BeforeEach
    void startNodes() {
        broker = new RedisBroker();
        proxy = new TcpProxy(broker.port());
        nodes =
                new NodesUnderLoad(
                        signal(),
                        List.of(
                                settings(broker.port()).create(factory()),
                                settings(proxy.port()).create(factory())));
        nodes.awaitFlow(A_WHILE);
    }

    MapSettings settings(int port) {
        return new MapSettings()
                .with("uri", "redis://127.0.0.1:" + port)
                .with("command-timeout", 1_000)
                .with("heartbeat", 500)
                .with("reconnect-max-delay", 500);
    }

    @AfterEach
    void endAndCheck(TestInfo test) {
        try {
            proxy.restore();
            Verdicts.end(factory().name() + " " + test.getDisplayName(), nodes)
                    .forEach(this::check);
            nodes.awaitCalm();
        } finally {
            nodes.close();
            proxy.close();
            broker.close();
        }
    }

    /** Looks out for an outage, once the last one is over. */
    private OutageWatch watch(int... which) {
        nodes.awaitCalm();
        return nodes.watch(which);
    }

    @Test
    void clientKill() {
        for (int i = 0; i < 5; i++) {
            OutageWatch watch = watch();
            // Each node has one connection for commands and one for subscriptions.
            assertThat(broker.killClients()).isGreaterThanOrEqualTo(4);
            watch.awaitEnded();
            nodes.awaitFlow(A_WHILE);
        }
    }

    @Test
    void killedAndRestarted() {
        for (int i = 0; i < 3; i++) {
            OutageWatch watch = watch();
            broker.kill();
            watch.awaitBegun();
            broker.start();
            nodes.awaitFlow(A_WHILE);
        }
    }

    @Test
    void scriptFlush() {
        for (int i = 0; i < 10; i++) {
            broker.admin(redis -> redis.scriptFlush());
            nodes.awaitFlow(A_WHILE);
        }
    }

    @Test
    void connectionCut() {
        for (int i = 0; i < 5; i++) {
            OutageWatch watch = watch(1);
            proxy.cut();
            watch.awaitBegun();
            proxy.restore();
            nodes.awaitFlow(A_WHILE);
        }
    }

    @Test
    void connectionHalfOpen() {
        for (int i = 0; i < 2; i++) {
            OutageWatch watch = watch(1);
            proxy.freeze();
            watch.awaitBegun();
            proxy.restore();
            nodes.awaitFlow(A_WHILE);
        }
    }

    @Test
    void connectionSlow() {
        proxy.delay(Duration.ofMillis(20));
        nodes.awaitFlow(A_WHILE);
        proxy.delay(Duration.ZERO);
        nodes.awaitFlow(A_WHILE);
    }
}
