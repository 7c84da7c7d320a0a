package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.NumberedLoad;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.embedded.RedisSentinel;

/** A master with a replica, watched over by one Sentinel. */
final class RedisSentinelBrokerIT {

    private RedisBroker master;
    private RedisBroker replica;
    private RedisSentinel sentinel;
    private String address;

    static Stream<BackendFactory> factories() {
        return Stream.of(new RedisPubSubBackendFactory(), new RedisStreamsBackendFactory());
    }

    @BeforeEach
    void start() throws IOException {
        master = new RedisBroker();
        replica = new RedisBroker("replicaof 127.0.0.1 " + master.port());
        int port = RedisBroker.freePort();
        address = "127.0.0.1:" + port;
        sentinel =
                RedisSentinel.newRedisSentinel()
                        .port(port)
                        .masterName("boss")
                        .masterPort(master.port())
                        .quorumSize(1)
                        .downAfterMilliseconds(1000L)
                        .failOverTimeout(5000L)
                        .onShutdownForceStop(true)
                        .build();
        sentinel.start();
        awaitUntil(() -> master.admin(redis -> redis.info("replication")).contains("state=online"));
    }

    @AfterEach
    void stop() throws IOException {
        sentinel.stop();
        replica.close();
        master.close();
    }

    private static MapSettings settings(String sentinels) {
        return new MapSettings()
                .with("uri", "redis-sentinel://" + sentinels + "/0#boss")
                .with("history", 100_000)
                .with("connect-timeout", 3_000)
                .with("command-timeout", 2_000)
                .with("reconnect-max-delay", 500);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void goesOnWithTheReplicaAfterAFailOver(BackendFactory factory) {
        MapSettings settings = settings(address);
        boolean streams = factory instanceof RedisStreamsBackendFactory;
        try (TestNode one = new TestNode(settings.create(factory), "numbers");
                TestNode two = new TestNode(settings.create(factory), "numbers")) {
            History history = new History(streams ? Signal.GAP : Signal.OUTAGE);
            NumberedLoad load = new NumberedLoad(one.backend, one.ledger, "one", history);
            load.begin();
            awaitUntil(() -> two.ledger.count() > 300);
            master.kill();
            awaitUntil(() -> two.ledger.disconnections() > 0);
            int before = two.ledger.count();
            awaitUntil(() -> two.ledger.count() > before + 300);
            load.end();
            awaitUntil(() -> history.hasCome(two.ledger));
            var verdict = history.judge(two.ledger);
            System.out.printf(
                    "sentinel %s: %s, %d outages, silence up to %d ms%n",
                    factory.name(),
                    verdict,
                    two.ledger.disconnections(),
                    two.ledger.longestSilence());
            // Replication is asynchronous: what the replica had not got is gone for good, in a gap.
            assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
            assertThat(streams ? verdict.lost() : 0).isLessThan(50);
        }
    }

    @Test
    void aSilentSentinelHidesNoOther() {
        try (SilentHost silent = new SilentHost();
                TestNode node =
                        new TestNode(
                                settings(silent.address() + "," + address)
                                        .create(new RedisStreamsBackendFactory()),
                                "numbers")) {
            node.publish("1");
            node.await("1");
        }
    }
}
