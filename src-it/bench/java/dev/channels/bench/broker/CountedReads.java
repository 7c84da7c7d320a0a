package dev.channels.bench.broker;

import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that counts the reads of its history. */
final class CountedReads implements ChannelsBackend {

    final AtomicInteger reads = new AtomicInteger();
    private final ChannelsBackend backend;

    CountedReads(ChannelsBackend backend) {
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
        return backend.history().map(Counting::new);
    }

    private final class Counting implements ChannelHistory {
        private final ChannelHistory history;

        Counting(ChannelHistory history) {
            this.history = history;
        }

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            reads.incrementAndGet();
            return history.last(channel, limit);
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            reads.incrementAndGet();
            return history.after(channel, position, limit);
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            reads.incrementAndGet();
            return history.before(channel, position, limit);
        }

        @Override
        public boolean isInMemory() {
            return history.isInMemory();
        }
    }
}
