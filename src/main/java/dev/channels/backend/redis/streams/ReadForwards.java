package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One reading of what follows a position: oldest page first. Touched by the loop only. */
final class ReadForwards {

    private final StreamRun run;
    private final String channel;
    private final CompletableFuture<HistorySlice> done;
    private final List<ChannelEvent> events = new ArrayList<>();
    private boolean gap;

    ReadForwards(StreamRun run, String channel, CompletableFuture<HistorySlice> done) {
        this.run = run;
        this.channel = channel;
        this.done = done;
    }

    void next(Position position, int left) {
        run.ask(
                channel,
                link ->
                        run.scripts()
                                .read(link, channel, position.epoch(), position.offset(), "", left),
                done,
                page -> took(page, left));
    }

    private void took(StreamPage page, int left) {
        if (page.gap()) {
            // Either at the very beginning, or trimmed between two pages.
            restart();
        }
        for (StreamEntry entry : page.entries()) {
            ChannelEvent event = entry.event();
            if (event == null) {
                run.unreadable(channel, entry);
                restart();
            } else {
                events.add(event);
            }
        }
        if (page.complete() || page.entries().isEmpty()) {
            Position newest = StreamPage.position(page.epoch(), page.head().offset());
            done.complete(new HistorySlice(events, newest, gap));
        } else {
            next(new Position(page.epoch(), page.end().offset()), left - page.entries().size());
        }
    }

    private void restart() {
        gap = true;
        events.clear();
    }
}
