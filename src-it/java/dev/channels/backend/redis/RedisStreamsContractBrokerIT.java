package dev.channels.backend.redis;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Outage;
import dev.channels.spi.contract.Promise;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisStreamsContractBrokerIT extends ChannelsBackendContract {

    private static RedisBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new RedisBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Override
    protected ChannelsBackend newBackend() {
        return newBackend("contract");
    }

    @Override
    protected Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(newBackend("contract:other"));
    }

    private static ChannelsBackend newBackend(String prefix) {
        return broker.settings()
                .with("key-prefix", prefix)
                .with("history", 2_000)
                .create(new RedisStreamsBackendFactory());
    }

    @Override
    protected Promise promise() {
        return Promise.once(2_000);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new RedisOutage(broker));
    }
}
