package dev.channels.backend.memory;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Promise;

final class MemoryBackendContractTest extends ChannelsBackendContract {

    @Override
    protected ChannelsBackend newBackend() {
        return new MemoryBackend(1_000);
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
