package dev.channels.backend.redis.streams;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.Text;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One reading of the newest events: newest page first. Touched by the loop only. */
final class ReadBackwards {

    private final StreamRun run;
    private final String channel;
    private final @Nullable Position before;
    private final CompletableFuture<HistorySlice> done;
    private final List<ChannelEvent> newestFirst = new ArrayList<>();

    /** The position of the channel, as the first page says it. */
    private @Nullable Position newest;

    /**
     * Makes a reading.
     *
     * @param before the position that the newest of the events stands before; null for the end
     */
    ReadBackwards(
            StreamRun run,
            String channel,
            @Nullable Position before,
            CompletableFuture<HistorySlice> done) {
        this.run = run;
        this.channel = channel;
        this.before = before;
        this.done = done;
    }

    void next(int left) {
        run.ask(
                channel,
                link -> run.scripts().last(link, channel, end(), left),
                done,
                reply -> took(reply, left));
    }

    /** The offset that the next page ends before, or nothing. */
    private String end() {
        if (!newestFirst.isEmpty()) {
            ChannelEvent oldest = newestFirst.get(newestFirst.size() - 1);
            return Long.toString(oldest.position().offset());
        }
        return before == null ? "" : Long.toString(before.offset());
    }

    private void took(List<Object> reply, int left) {
        String epoch = Text.of(reply.get(0));
        Position stands = StreamPage.position(epoch, (Long) reply.get(1));
        if (before != null && !before.isComparableTo(stands)) {
            done.complete(new HistorySlice(List.of(), stands, true));
            return;
        }
        if (newest != null && !newest.isComparableTo(stands)) {
            // The channel began another life between two pages.
            int all = left + newestFirst.size();
            newestFirst.clear();
            newest = null;
            next(all);
            return;
        }
        if (newest == null) {
            newest = stands;
        }
        List<StreamEntry> entries = StreamPage.entries(channel, epoch, reply, 3);
        for (StreamEntry entry : entries) {
            ChannelEvent event = entry.event();
            if (event == null) {
                // What is older does not follow without a hole.
                run.unreadable(channel, entry);
                finish(newest);
                return;
            }
            newestFirst.add(event);
        }
        if ((Long) reply.get(2) == 1 || entries.isEmpty()) {
            finish(newest);
        } else {
            next(left - entries.size());
        }
    }

    private void finish(Position stands) {
        Collections.reverse(newestFirst);
        done.complete(new HistorySlice(newestFirst, stands, false));
    }
}
