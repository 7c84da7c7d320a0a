package dev.channels.spi.contract;

import dev.channels.spi.ChannelsBackend;
import java.util.Optional;

/** Runs the suite itself: every test, those with several nodes and with outages too. */
final class SimulatedBrokerContractTest extends ChannelsBackendContract {

    private final SimulatedBroker broker = new SimulatedBroker(1_000);

    @Override
    protected ChannelsBackend newBackend() {
        return broker.newNode("ours:");
    }

    @Override
    protected Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(broker.newNode("theirs:"));
    }

    @Override
    protected Promise promise() {
        return Promise.once(1_000);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(broker);
    }
}
