package dev.channels.cdi.event;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.Start;
import dev.channels.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream of a channel to one observer, as long as this node holds the observer's lease. */
final class OnceReading implements EventSender {

    /** Who has the lease. */
    interface Holder {

        /** Tells whether a reading may go on. */
        boolean mayRead(OnceReading reading);

        /** Remembers a position, then goes on; without the lease the reading ends. */
        void advance(OnceReading reading, Position position, Runnable next);

        /** Ends a reading; returns whether it was the present one. */
        boolean forget(OnceReading reading);

        /** Ends a reading, and begins another one where it stands. */
        void readAgain(OnceReading reading);

        /** Gives up the lease: the plugin has stopped. */
        void end();
    }

    private final Holder holder;
    private final ChannelsPlugin plugin;
    private final String channel;
    private final Start start;
    private final boolean hasHistory;
    private final EventSender observer;
    private volatile boolean closed;
    private volatile @Nullable Subscription subscription;

    /**
     * Makes a reading that is not open.
     *
     * @param start where it begins
     * @param hasHistory whether what is dropped can be read again
     * @param observer is handed the events
     */
    OnceReading(
            Holder holder,
            ChannelsPlugin plugin,
            String channel,
            Start start,
            boolean hasHistory,
            EventSender observer) {
        this.holder = holder;
        this.plugin = plugin;
        this.channel = channel;
        this.start = start;
        this.hasHistory = hasHistory;
        this.observer = observer;
    }

    void open() {
        try {
            subscription = plugin.startSubscription(List.of(channel), start, this);
        } catch (ChannelsException e) {
            // The plugin has stopped.
            holder.forget(this);
            holder.end();
            return;
        }
        if (closed) {
            close();
        }
    }

    void close() {
        closed = true;
        Subscription current = subscription;
        if (current != null) {
            current.subscriber().stop(false);
        }
    }

    @Override
    public void send(Delivery delivery, Completion completion) throws Exception {
        if (!holder.mayRead(this)) {
            holder.forget(this);
            completion.sent();
            close();
        } else if (delivery instanceof ChannelEvent event) {
            observer.send(event, new Done(event.position(), completion));
        } else if (delivery instanceof Joined joined
                && joined.position() != null
                && (beginsAnew() || !joined.complete())) {
            holder.advance(this, joined.position(), completion::sent);
        } else if (delivery instanceof Gap gap && gap.cause() == Gap.Cause.BACKLOG && hasHistory) {
            // What did not fit into the backlog is still in the history.
            holder.readAgain(this);
            completion.sent();
            close();
        } else {
            completion.sent();
        }
    }

    private boolean beginsAnew() {
        return !(start instanceof Start.After);
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        boolean stopped =
                failure == null
                        || (failure instanceof ChannelsException known
                                && known.errorCode() == ErrorCode.NOT_RUNNING);
        if (holder.forget(this) && stopped) {
            holder.end();
        }
    }

    @Override
    public void abandoned() {
        observer.abandoned();
    }

    /** Names the observer in what is logged of it. */
    @Override
    public String toString() {
        return observer.toString();
    }

    /** An event that the observer is done with is remembered before the next one follows. */
    private final class Done implements Completion {

        private final Position position;
        private final Completion completion;

        Done(Position position, Completion completion) {
            this.position = position;
            this.completion = completion;
        }

        @Override
        public void sent() {
            holder.advance(OnceReading.this, position, completion::sent);
        }

        @Override
        public void skipped(Throwable cause) {
            holder.advance(OnceReading.this, position, () -> completion.skipped(cause));
        }

        @Override
        public void failed(Throwable cause) {
            completion.failed(cause);
        }
    }
}
