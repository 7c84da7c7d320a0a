package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.testkit.History;
import dev.channels.testkit.NumberedLoad;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisSentinel;

/** A master with a replica, watched over by one Sentinel. */
final class RedisSentinelBrokerIT {

    @Test
    void goesOnWithTheReplicaAfterAFailOver() throws IOException {
        RedisBroker master = new RedisBroker();
        RedisBroker replica = new RedisBroker("replicaof 127.0.0.1 " + master.port());
        int port = RedisBroker.freePort();
        RedisSentinel sentinel =
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
        try {
            awaitUntil(
                    () ->
                            master.admin(redis -> redis.info("replication"))
                                    .contains("state=online"));
            MapSettings settings =
                    new MapSettings()
                            .with("uri", "redis-sentinel://127.0.0.1:" + port + "/0#boss")
                            .with("history", 100_000)
                            .with("command-timeout", 2_000)
                            .with("reconnect-max-delay", 500);
            try (TestNode one = new TestNode(master.streams(settings), "numbers");
                    TestNode two = new TestNode(master.streams(settings), "numbers")) {
                History history = new History(History.Signal.GAP);
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
                        "sentinel: %s, %d outages, silence up to %d ms%n",
                        verdict, two.ledger.disconnections(), two.ledger.longestSilence());
                assertThat(verdict.duplicated() + verdict.outOfOrder()).isZero();
                // Replication is asynchronous: what the replica had not got is gone for good.
                assertThat(verdict.lost()).isLessThan(50);
            }
        } finally {
            sentinel.stop();
            replica.close();
            master.close();
        }
    }
}
