package dev.channels.client.rules;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Position;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.client.stream.EventForms;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question of a client for past events. They are read page by page, until there are as many as
 * it wants, or as an answer holds.
 */
final class HistoryQuestion {

    /** So many events one answer holds. */
    static final int MAX_EVENTS = 300;

    /** About so many bytes of events one answer holds. */
    static final int MAX_SIZE = 128 * 1024;

    /** More than this no answer holds, not even with one event. */
    private static final int LARGEST = 512 * 1024;

    /** So many events are read at once, where they are small. */
    private static final int PAGE = 50;

    /** So many are read at first: nobody knows yet how large they are. */
    static final int FIRST_PAGE = 8;

    private final ChannelHistory history;
    private final Request.History asked;
    private final EventForms forms;
    private final Consumer<? super ChannelsException> skipped;
    private final int limit;

    // Used by one read at a time.
    private final List<EncodedPublication> found = new ArrayList<>();
    private int size;
    private int read;
    private int page = FIRST_PAGE;

    private HistoryQuestion(
            ChannelHistory history,
            Request.History asked,
            EventForms forms,
            Consumer<? super ChannelsException> skipped) {
        this.history = history;
        this.asked = asked;
        this.forms = forms.with(true);
        this.skipped = skipped;
        this.limit = asked.limit() < 0 ? MAX_EVENTS : Math.min(asked.limit(), MAX_EVENTS);
    }

    /**
     * Returns the answer; it fails with an {@link ErrorForClient} where there is none.
     *
     * @param skipped is told of each event that is left out, because the encoding cannot carry it
     */
    static CompletionStage<Result> answer(
            ChannelHistory history,
            Request.History asked,
            EventForms forms,
            Consumer<? super ChannelsException> skipped) {
        HistoryQuestion question = new HistoryQuestion(history, asked, forms, skipped);
        return history.last(asked.channel(), 0).thenCompose(question::begin);
    }

    private CompletionStage<Result> begin(HistorySlice top) {
        StreamPosition since = asked.since();
        String epoch = top.position().epoch();
        if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(epoch)) {
            return CompletableFuture.failedFuture(
                    new ErrorForClient(ProtocolError.UNRECOVERABLE_POSITION));
        }
        if (limit == 0) {
            return CompletableFuture.completedFuture(result(top.position()));
        }
        return next(since == null ? null : new Position(epoch, since.offset()), top.position());
    }

    private CompletionStage<Result> next(@Nullable Position from, Position top) {
        int count = Math.min(page, limit - read);
        String channel = asked.channel();
        CompletionStage<HistorySlice> page;
        if (asked.reverse()) {
            page =
                    from == null
                            ? history.last(channel, count)
                            : history.before(channel, from, count);
        } else {
            Position begin = from == null ? new Position(top.epoch(), 0) : from;
            page = history.after(channel, begin, count);
        }
        return page.thenCompose(slice -> took(slice, count));
    }

    private CompletionStage<Result> took(HistorySlice slice, int count) {
        List<ChannelEvent> events = new ArrayList<>(slice.events());
        if (asked.reverse()) {
            Collections.reverse(events);
        }
        sizeNextPage(events);
        Position last = null;
        for (ChannelEvent event : events) {
            if (size >= MAX_SIZE) {
                return CompletableFuture.completedFuture(result(slice.position()));
            }
            if (!add(event)) {
                return CompletableFuture.failedFuture(
                        new ErrorForClient(ProtocolError.LIMIT_EXCEEDED));
            }
            last = event.position();
            read++;
        }
        boolean all = events.size() < count || read >= limit || size >= MAX_SIZE || last == null;
        return all
                ? CompletableFuture.completedFuture(result(slice.position()))
                : next(last, slice.position());
    }

    /** Reads no more next time than this answer still holds, if the next events are like these. */
    private void sizeNextPage(List<ChannelEvent> events) {
        long bytes = 1;
        for (ChannelEvent event : events) {
            bytes += event.size();
        }
        long fitting = (long) MAX_SIZE * events.size() / bytes;
        page = (int) Math.max(1, Math.min(PAGE, fitting));
    }

    /** Adds an event, unless the encoding cannot carry it; false if it fits into no answer. */
    private boolean add(ChannelEvent event) {
        try {
            EncodedPublication publication = forms.publication(event);
            if (publication.size() > LARGEST) {
                return false;
            }
            found.add(publication);
            size += publication.size();
        } catch (ChannelsException e) {
            skipped.accept(e);
        }
        return true;
    }

    private Result result(Position position) {
        return new Result.History(
                List.copyOf(found), new StreamPosition(position.offset(), position.epoch()));
    }
}
