package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RedisStreamsFaultsBrokerIT extends RedisFaultsBrokerIT {

    @Override
    BackendFactory factory() {
        return new RedisStreamsBackendFactory();
    }

    @Override
    MapSettings settings(int port) {
        return super.settings(port).with("history", 100_000);
    }

    @Test
    void fullAndEmptiedAgain() {
        for (int i = 0; i < 3; i++) {
            List<Integer> before = repeated();
            broker.admin(redis -> redis.configSet("maxmemory", "1"));
            awaitUntil(
                    () ->
                            IntStream.range(0, before.size())
                                    .allMatch(node -> repeated().get(node) > before.get(node)));
            broker.admin(redis -> redis.configSet("maxmemory", "0"));
            nodes.awaitFlow(A_WHILE);
        }
        assertThat(nodes.nodes()).allMatch(node -> node.ledger().disconnections() == 0);
    }

    private List<Integer> repeated() {
        return nodes.nodes().stream().map(node -> node.load().repeated()).toList();
    }

    @Override
    Signal signal() {
        return Signal.GAP;
    }

    @Override
    void check(Verdict verdict) {
        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    }
}
