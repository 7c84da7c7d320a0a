package dev.channels.it.refusing;

import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A broker that lets nobody subscribe. */
@Named("refusing")
@ApplicationScoped
public class RefusingBackend implements ChannelsBackend {

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> start(BackendSink sink) {
        return done();
    }

    @Override
    public CompletionStage<Void> stop() {
        return done();
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return done();
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return CompletableFuture.failedFuture(new IllegalStateException("not for you"));
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return done();
    }
}
