package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.NodesUnderLoad.OutageWatch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A master with a replica, watched over by one Sentinel. */
final class RedisSentinelBrokerIT {

    private RedisSentinels sentinels;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeEach
    void start() {
        sentinels = new RedisSentinels(null);
    }

    @AfterEach
    void stop() {
        sentinels.close();
    }

    private static MapSettings settings(String sentinels) {
        return new MapSettings()
                .with("uri", "redis-sentinel://" + sentinels + RedisSentinels.path())
                .with("history", 100_000)
                .with("connect-timeout", 3_000)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void goesOnWithTheReplicaAfterAFailOver(BackendFactory factory) {
        MapSettings settings = settings(sentinels.address());
        boolean streams = factory instanceof RedisStreamsBackendFactory;
        try (NodesUnderLoad nodes =
                new NodesUnderLoad(
                        streams ? Signal.GAP : Signal.OUTAGE,
                        List.of(settings.create(factory), settings.create(factory)))) {
            nodes.awaitFlow(150);
            nodes.awaitCalm();
            OutageWatch watch = nodes.watch();
            sentinels.master().kill();
            watch.awaitEnded();
            nodes.awaitFlow(150);
            for (Verdict verdict : Verdicts.end("sentinel " + factory.name(), nodes)) {
                if (streams) {
                    // Replication is asynchronous. What the replica had not got is gone, in a gap:
                    // the events of less than half a second, even on a slow machine. And the one
                    // batch of each node that may have been unanswered can come twice.
                    assertThat(verdict.outOfOrder() + verdict.unsignalled())
                            .as(verdict.toString())
                            .isZero();
                    assertThat(verdict.lost()).as(verdict.toString()).isLessThan(2_000);
                    assertThat(verdict.unrepeated()).as(verdict.toString()).isZero();
                } else {
                    assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
                }
            }
        }
    }

    @Test
    void whoIsThereIsKnownAfterAFailOver() {
        MapSettings settings = settings(sentinels.address());
        try (PresentNodes nodes =
                new PresentNodes(() -> settings.create(new RedisStreamsBackendFactory()))) {
            nodes.enter("first");
            nodes.awaitAllThere();
            sentinels.master().kill();
            nodes.enter("second");
            nodes.awaitAllThere();
            nodes.stopTwo();
            nodes.awaitAllThere();
        }
    }

    @Test
    void aSilentSentinelHidesNoOther() {
        try (SilentHost silent = new SilentHost();
                TestNode node =
                        new TestNode(
                                settings(silent.address() + "," + sentinels.address())
                                        .create(new RedisStreamsBackendFactory()),
                                "numbers")) {
            node.publish("1");
            node.await("1");
        }
    }
}
