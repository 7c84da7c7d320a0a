package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;

final class RedisStreamsFaultsBrokerIT extends RedisFaultsBrokerIT {

    @Override
    BackendFactory factory() {
        return new RedisStreamsBackendFactory();
    }

    @Override
    MapSettings settings(int port) {
        return super.settings(port).with("history", 100_000);
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
