package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;

final class RedisPubSubFaultsBrokerIT extends RedisFaultsBrokerIT {

    @Override
    BackendFactory factory() {
        return new RedisPubSubBackendFactory();
    }

    @Override
    Signal signal() {
        return Signal.OUTAGE;
    }

    @Override
    void check(Verdict verdict) {
        assertThat(verdict.isOrderly()).as(verdict.toString()).isTrue();
        assertThat(verdict.gaps()).isZero();
    }
}
