package dev.channels.cdi.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Position;
import dev.channels.Start;
import dev.channels.cdi.event.OnceState.Change;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelLeases.Lease;
import dev.channels.spi.Log;
import java.time.Duration;
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
 * call and that. What follows from an answer {@link OnceState} says, under a lock; it is done here,
 * without one.
 */
final class OnceReader implements OnceReading.Holder {

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
    private final OnceState<OnceReading> state = new OnceState<>(LIFETIME, this::reading);

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

    private OnceReading reading(@Nullable Position from) {
        return new OnceReading(
                this,
                means.plugin(),
                channel,
                start(means.hasHistory() ? from : null),
                means.hasHistory(),
                observers.get());
    }

    private Start start(@Nullable Position from) {
        if (from != null) {
            return Start.after(from);
        }
        return history == 0 ? Start.now() : Start.last(history);
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
        Change<OnceReading> change;
        synchronized (lock) {
            change = state.answered(lease, from);
        }
        OnceReading ended = change.ended();
        if (ended != null) {
            ended.close();
        }
        open(change.begun());
    }

    /** Not on a thread of the broker's. */
    private void open(@Nullable OnceReading begun) {
        if (begun != null) {
            means.executor().execute(begun::open);
        }
    }

    /** Asks no more; to be called when the plugin has stopped. */
    void close() {
        Future<?> task;
        synchronized (lock) {
            state.end();
            task = asked;
        }
        if (task != null) {
            task.cancel(false);
        }
    }

    // ---- The reading

    @Override
    public boolean mayRead(OnceReading reading) {
        synchronized (lock) {
            return state.mayRead(reading, means.clock().getAsLong());
        }
    }

    @Override
    public void advance(OnceReading by, Position position, Runnable next) {
        synchronized (lock) {
            state.done(position);
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
                                        hold(from);
                                    } else {
                                        forget(by);
                                    }
                                    next.run();
                                    if (!kept) {
                                        by.close();
                                    }
                                });
    }

    private void hold(long from) {
        synchronized (lock) {
            state.hold(from);
        }
    }

    @Override
    public boolean forget(OnceReading reading) {
        synchronized (lock) {
            return state.forget(reading);
        }
    }

    @Override
    public void readAgain(OnceReading reading) {
        OnceReading begun;
        synchronized (lock) {
            begun = state.readAgain(reading);
        }
        open(begun);
    }

    @Override
    public void end() {
        close();
        var unused =
                call(() -> means.leases().release(name, means.holder()))
                        .exceptionally(
                                failure -> {
                                    logFailure(failure);
                                    return null;
                                });
    }
}
