package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.Text;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Reads history, in pages. */
public final class StreamHistory implements ChannelHistory {

    private final Supplier<StreamRun> traffic;

    /** Makes the history of the run that there is when it is asked. */
    public StreamHistory(Supplier<StreamRun> traffic) {
        this.traffic = traffic;
    }

    @Override
    public CompletionStage<HistorySlice> last(String channel, int limit) {
        StreamRun running = traffic.get();
        return running.connector()
                .loop()
                .call(
                        done ->
                                new Backwards(running, channel, done)
                                        .next(limit < 0 ? Integer.MAX_VALUE : limit));
    }

    @Override
    public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
        StreamRun running = traffic.get();
        return running.connector()
                .loop()
                .call(
                        done ->
                                new Forwards(running, channel, done)
                                        .next(position, limit < 0 ? Integer.MAX_VALUE : limit));
    }

    @Override
    public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
        return last(channel, -1)
                .thenApply(
                        all -> {
                            boolean same = all.position().epoch().equals(position.epoch());
                            List<ChannelEvent> older =
                                    all.events().stream()
                                            .filter(e -> position.isAfter(e.position()))
                                            .toList();
                            int skipped = limit < 0 ? 0 : Math.max(0, older.size() - limit);
                            return new HistorySlice(
                                    older.subList(skipped, older.size()), all.position(), !same);
                        });
    }

    /** A channel without a life stands at the beginning of one. */
    private static Position stand(String epoch, long offset) {
        return new Position(epoch.isEmpty() ? "none" : epoch, offset);
    }

    /** One call of {@code last}: newest page first. */
    private record Backwards(
            StreamRun traffic,
            String channel,
            CompletableFuture<HistorySlice> done,
            List<ChannelEvent> newestFirst) {

        Backwards(StreamRun traffic, String channel, CompletableFuture<HistorySlice> done) {
            this(traffic, channel, done, new ArrayList<>());
        }

        void next(int left) {
            Optional<ChannelEvent> oldest =
                    newestFirst.isEmpty()
                            ? Optional.empty()
                            : Optional.of(newestFirst.get(newestFirst.size() - 1));
            String before =
                    oldest.map(event -> Long.toString(event.position().offset())).orElse("");
            traffic.ask(
                    link -> traffic.scripts().last(link, channel, before, left),
                    done,
                    reply -> {
                        String epoch = Text.of(reply.get(0));
                        boolean same =
                                oldest.map(event -> event.position().epoch().equals(epoch))
                                        .orElse(true);
                        if (!same) {
                            // The stream began another life between two pages.
                            newestFirst.clear();
                            next(left);
                            return;
                        }
                        List<ChannelEvent> page = StreamEvents.of(channel, epoch, reply, 2);
                        newestFirst.addAll(page);
                        if ((Long) reply.get(1) == 1) {
                            Collections.reverse(newestFirst);
                            finish(epoch);
                        } else {
                            next(left - page.size());
                        }
                    });
        }

        private void finish(String epoch) {
            if (newestFirst.isEmpty()) {
                traffic.ask(
                        link -> traffic.scripts().read(link, channel, "", 0, 0, false),
                        done,
                        page ->
                                done.complete(
                                        new HistorySlice(
                                                List.of(),
                                                stand(page.epoch(), page.head()),
                                                false)));
                return;
            }
            long newest = newestFirst.get(newestFirst.size() - 1).position().offset();
            done.complete(new HistorySlice(newestFirst, stand(epoch, newest), false));
        }
    }

    /** One call of {@code after}: oldest page first. */
    private static final class Forwards {

        private final StreamRun traffic;
        private final String channel;
        private final CompletableFuture<HistorySlice> done;
        private final List<ChannelEvent> events = new ArrayList<>();
        private boolean gap;

        Forwards(StreamRun traffic, String channel, CompletableFuture<HistorySlice> done) {
            this.traffic = traffic;
            this.channel = channel;
            this.done = done;
        }

        void next(Position position, int left) {
            traffic.ask(
                    link ->
                            traffic.scripts()
                                    .read(
                                            link,
                                            channel,
                                            position.epoch(),
                                            position.offset(),
                                            left,
                                            false),
                    done,
                    page -> {
                        if (page.gap()) {
                            // Either at the very beginning, or trimmed between two pages.
                            gap = true;
                            events.clear();
                        }
                        events.addAll(page.events());
                        if (page.complete() || page.events().isEmpty()) {
                            done.complete(
                                    new HistorySlice(
                                            events, stand(page.epoch(), page.head()), gap));
                        } else {
                            next(
                                    new Position(page.epoch(), page.end()),
                                    left - page.events().size());
                        }
                    });
        }
    }
}
