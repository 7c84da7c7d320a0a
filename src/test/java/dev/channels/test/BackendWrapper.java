package dev.channels.test;

import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A backend around another one, to change one thing about it. */
public abstract class BackendWrapper implements ChannelsBackend {

    private final ChannelsBackend backend;

    protected BackendWrapper(ChannelsBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        return backend.start(sink);
    }

    @Override
    public CompletionStage<Void> stop() {
        return backend.stop();
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return backend.publish(batch);
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return backend.subscribe(channels);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return backend.unsubscribe(channels);
    }

    @Override
    public Optional<ChannelHistory> history() {
        return backend.history();
    }

    @Override
    public Optional<ChannelPresence> presence() {
        return backend.presence();
    }

    @Override
    public Optional<ChannelDiscovery> discovery() {
        return backend.discovery();
    }

    @Override
    public Optional<ChannelOutbox> outbox() {
        return backend.outbox();
    }
}
