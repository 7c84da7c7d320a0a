package dev.channels.bench.broker;

import dev.channels.Position;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.test.BackendWrapper;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that counts the reads of its history. */
final class CountedReads extends BackendWrapper {

    final AtomicInteger reads = new AtomicInteger();

    CountedReads(ChannelsBackend backend) {
        super(backend);
    }

    @Override
    public Optional<ChannelHistory> history() {
        return super.history().map(Counting::new);
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
        public CompletionStage<Void> forget(String channel) {
            return history.forget(channel);
        }

        @Override
        public boolean isInMemory() {
            return history.isInMemory();
        }
    }
}
