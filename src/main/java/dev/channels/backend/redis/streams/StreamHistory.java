package dev.channels.backend.redis.streams;

import dev.channels.Position;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Reads history, in pages, and forgets it. */
public final class StreamHistory implements ChannelHistory {

    private final Supplier<StreamRun> run;

    /** Makes the history of the run that there is when it is asked. */
    public StreamHistory(Supplier<StreamRun> run) {
        this.run = run;
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        StreamRun running = run.get();
        return running.connector()
                .loop()
                .call(done -> new ReadBackwards(running, channel, null, done).next(bound(limit)));
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        StreamRun running = run.get();
        return running.connector()
                .loop()
                .call(
                        done ->
                                new ReadForwards(running, channel, done)
                                        .next(position, bound(limit)));
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        StreamRun running = run.get();
        return running.connector()
                .loop()
                .call(
                        done ->
                                new ReadBackwards(running, channel, position, done)
                                        .next(bound(limit)));
    }

    @Override
    public CompletionStage<Void> forget(String channel) {
        StreamRun running = run.get();
        return running.connector()
                .loop()
                .call(
                        done ->
                                running.ask(
                                        channel,
                                        link -> running.scripts().forget(link, channel),
                                        done,
                                        forgotten -> done.complete(null)));
    }

    private static int bound(int limit) {
        return limit < 0 ? Integer.MAX_VALUE : limit;
    }
}
