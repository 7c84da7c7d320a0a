package dev.channels.cdi.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelLeases.Lease;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel for one observer while this node holds the observer's lease, one event after
 * another: the next follows when the lease has remembered the one before. So an event is handed to
 * two nodes only if the first one ends, or is stopped for longer than the lease lasts, between the
 * call and that.
 *
 * <pre>
 *              the lease is ours: a reading begins after the last event that is done with
 *   WAITING ──────────────────────────────────────────────────────────────▶ READING
 *      ▲  another has it, the lease is over, the stream failed or has dropped │
 *      └─────────────────────────────────────────────────────────────────────┘
 *
 *   either ── the plugin stops ──▶ OVER: the lease is given up
 * </pre>
 */
final class OnceReader {

    /** How long a node that has died holds up the others. */
    static final Duration LIFETIME = Duration.ofSeconds(10);

    /** How often each node asks. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    /** What it reads by. */
    record Means(
            ChannelsPlugin plugin,
            ChannelLeases leases,
            boolean hasHistory,
            Executor executor,
            ScheduledExecutorService scheduler,
            LongSupplier clock,
            String holder) {}

    private final Means means;
    private final String name;
    private final String channel;
    private final int history;
    private final Supplier<EventSender> observers;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private @Nullable Reading reading;

    /** The last event that is done with, as far as this node knows. */
    @GuardedBy("lock")
    private @Nullable Position done;

    /** Until when the lease is ours, by the clock of this node. */
    @GuardedBy("lock")
    private long heldUntil;

    @GuardedBy("lock")
    private @Nullable Future<?> asked;

    /**
     * Makes a reader.
     *
     * @param name of the lease
     * @param history how many events come first where nobody has read before
     * @param observers makes what calls the observer
     */
    OnceReader(
            Means means,
            String name,
            String channel,
            int history,
            Supplier<EventSender> observers) {
        this.means = means;
        this.name = name;
        this.channel = channel;
        this.history = history;
        this.observers = observers;
    }

    /** Begins to ask for the lease. */
    void start() {
        Future<?> task =
                means.scheduler()
                        .scheduleWithFixedDelay(
                                this::ask, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        synchronized (lock) {
            asked = task;
        }
    }

    // ---- The lease

    private void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        long from = means.clock().getAsLong();
        var unused =
                call(() -> means.leases().take(name, means.holder(), LIFETIME))
                        .whenComplete(
                                (lease, failure) -> {
                                    asking.set(false);
                                    if (failure == null) {
                                        taken(lease, from);
                                    } else {
                                        logFailure(failure);
                                    }
                                });
    }

    /** A backend that is not started throws. */
    private static <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void logFailure(Throwable failure) {
        Log.detail(
                ErrorCode.BROKER_UNAVAILABLE,
                () -> "The lease of " + name + " could not be had",
                failure);
    }

    private void taken(Lease lease, long from) {
        Reading begun = null;
        Reading lost = null;
        synchronized (lock) {
            if (over) {
                return;
            }
            if (!lease.held()) {
                lost = reading;
                reading = null;
            } else {
                hold(from);
                if (reading == null) {
                    done = later(done, lease.position());
                    begun = new Reading(means.hasHistory() ? done : null);
                    reading = begun;
                }
            }
        }
        if (lost != null) {
            lost.close();
        }
        if (begun != null) {
            // Not on a thread of the broker's.
            means.executor().execute(begun::open);
        }
    }

    @GuardedBy("lock")
    private void hold(long from) {
        long until = from + LIFETIME.toNanos();
        if (until - heldUntil > 0 || reading == null) {
            heldUntil = until;
        }
    }

    /** What this node has done with while the broker was away is done with. */
    private static @Nullable Position later(
            @Nullable Position known, @Nullable Position remembered) {
        if (known == null || remembered == null) {
            return remembered == null ? known : remembered;
        }
        return known.isAfter(remembered) ? known : remembered;
    }

    /** Remembers a position, then goes on; without the lease the reading ends. */
    private void advance(Reading by, Position position, Runnable next) {
        synchronized (lock) {
            done = later(done, position);
        }
        long from = means.clock().getAsLong();
        var unused =
                call(() -> means.leases().advance(name, means.holder(), position, LIFETIME))
                        .whenComplete(
                                (held, failure) -> {
                                    if (failure != null) {
                                        logFailure(failure);
                                    }
                                    boolean kept = failure == null && held;
                                    if (kept) {
                                        synchronized (lock) {
                                            hold(from);
                                        }
                                    } else {
                                        forget(by);
                                    }
                                    next.run();
                                    if (!kept) {
                                        by.close();
                                    }
                                });
    }

    /** Returns whether it was the present one. */
    private boolean forget(Reading ended) {
        synchronized (lock) {
            if (reading != ended) {
                return false;
            }
            reading = null;
            return true;
        }
    }

    private boolean mayRead(Reading asking) {
        synchronized (lock) {
            return reading == asking && means.clock().getAsLong() - heldUntil < 0;
        }
    }

    /** Asks no more; to be called when the plugin has stopped. */
    void close() {
        Future<?> task;
        synchronized (lock) {
            over = true;
            task = asked;
        }
        if (task != null) {
            task.cancel(false);
        }
    }

    private void end() {
        close();
        var unused =
                call(() -> means.leases().release(name, means.holder()))
                        .exceptionally(
                                failure -> {
                                    logFailure(failure);
                                    return null;
                                });
    }

    // ---- Reading

    /** One stream of the channel, as long as the lease is ours. */
    private final class Reading implements EventSender {

        private final @Nullable Position from;
        private final EventSender observer = observers.get();
        private volatile boolean closed;
        private volatile @Nullable Subscription subscription;

        Reading(@Nullable Position from) {
            this.from = from;
        }

        private Start start() {
            if (from != null) {
                return Start.after(from);
            }
            return history == 0 ? Start.now() : Start.last(history);
        }

        void open() {
            try {
                subscription = means.plugin().startSubscription(List.of(channel), start(), this);
            } catch (ChannelsException e) {
                // The plugin has stopped.
                forget(this);
                end();
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
            if (!mayRead(this)) {
                forget(this);
                completion.sent();
                close();
            } else if (delivery instanceof ChannelEvent event) {
                observer.send(event, new Done(event.position(), completion));
            } else if (delivery instanceof Joined joined
                    && joined.position() != null
                    && (from == null || !joined.complete())) {
                advance(this, joined.position(), completion::sent);
            } else if (delivery instanceof Gap gap
                    && gap.cause() == Gap.Cause.BACKLOG
                    && means.hasHistory()) {
                // What did not fit into the backlog is still in the history.
                readAgain();
                completion.sent();
                close();
            } else {
                completion.sent();
            }
        }

        private void readAgain() {
            Reading begun = null;
            synchronized (lock) {
                if (reading == this && done != null) {
                    begun = new Reading(done);
                    reading = begun;
                }
            }
            if (begun != null) {
                means.executor().execute(begun::open);
            } else {
                forget(this);
            }
        }

        @Override
        public void ended(@Nullable Throwable failure) {
            boolean stopped =
                    failure == null
                            || (failure instanceof ChannelsException known
                                    && known.errorCode() == ErrorCode.NOT_RUNNING);
            if (forget(this) && stopped) {
                end();
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
                advance(Reading.this, position, completion::sent);
            }

            @Override
            public void skipped(Throwable cause) {
                advance(Reading.this, position, () -> completion.skipped(cause));
            }

            @Override
            public void failed(Throwable cause) {
                completion.failed(cause);
            }
        }
    }
}
