package dev.channels.backend.memory;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Promise;

final class MemoryBackendWithoutHistoryContractTest extends ChannelsBackendContract {

    @Override
    protected ChannelsBackend newBackend() {
        return new MemoryBackend(0);
    }

    @Override
    protected Promise promise() {
        return Promise.atMostOnce();
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
