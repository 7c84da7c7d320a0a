package dev.channels.backend.memory;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Promise;
import java.util.Optional;

final class MemoryBackendContractTest extends ChannelsBackendContract {

    private static final MemoryRetention STANDARD = MemoryRetention.of(1_000);

    @Override
    protected ChannelsBackend newBackend() {
        return new MemoryBackend(STANDARD);
    }

    @Override
    protected Optional<ChannelsBackend> newBackend(ChannelRules<BackendSettings> policies) {
        ChannelRetention standard = STANDARD.standard();
        return Optional.of(
                new MemoryBackend(
                        new Retentions(
                                STANDARD,
                                policies.map(it -> MemoryBackendFactory.retention(it, standard)))));
    }

    @Override
    protected Promise promise() {
        return Promise.atMostOnce().withHistory(1_000);
    }

    @Override
    protected boolean keepsPresence() {
        return true;
    }

    @Override
    protected boolean sharesBroker() {
        return false;
    }
}
