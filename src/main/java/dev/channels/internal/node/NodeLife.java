package dev.channels.internal.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.stream.Drain;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Deadline;
import dev.channels.internal.task.NotRunning;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a node, read and written in {@link #run} only: each start makes a new {@link
 * RunningNode}, each stop ends it for good, so that what a late call of the backend brings falls
 * into the past and harms nothing.
 *
 * <pre>
 *   STOPPED (run = null) ──start──▶ RUNNING (run) ──stop──▶ closing: nothing more is accepted, what was
 *        ▲                                                  accepted is delivered, within the bound
 *        └───────────────────────────────────────────────────────────┘
 * </pre>
 */
final class NodeLife {

    /** What a backend gets to stop, at the most: it is to take only a few seconds. */
    private static final Duration LONGEST_BACKEND_STOP = Duration.ofSeconds(10);

    /** How long callbacks may take to end that were interrupted. */
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    /** So many callbacks are named in a line. */
    private static final int SHOWN = 5;

    private final ChannelsBackend backend;
    private final Duration shutdownTimeout;
    private final LocalSubscribers subscribers;
    private final SureExecutor executor;
    private final Supplier<RunningNode> lives;
    private final Object lock = new Object();

    // Writes guarded by lock.
    private volatile @Nullable RunningNode run;

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> stopping;

    /**
     * Makes a node that is not running yet.
     *
     * @param executor rests while the node is stopped
     * @param lives makes what a start begins
     */
    NodeLife(
            ChannelsBackend backend,
            Duration shutdownTimeout,
            LocalSubscribers subscribers,
            SureExecutor executor,
            Supplier<RunningNode> lives) {
        this.backend = backend;
        this.shutdownTimeout = shutdownTimeout;
        this.subscribers = subscribers;
        this.executor = executor;
        this.lives = lives;
    }

    @Nullable RunningNode current() {
        return run;
    }

    /** Returns the present life; throws if there is none. */
    RunningNode running() {
        RunningNode current = run;
        if (current == null) {
            throw NotRunning.exception();
        }
        return current;
    }

    /** Starts, after the end of a stop that is under way; does nothing if it is running. */
    CompletionStage<Void> start() {
        RunningNode begun = lives.get();
        CompletableFuture<Void> before;
        synchronized (lock) {
            if (run != null) {
                return CompletableFuture.completedFuture(null);
            }
            before = stopping;
            if (before == null) {
                run = begun;
            }
        }
        if (before != null) {
            return before.thenCompose(v -> start());
        }
        CompletionStage<Void> stage = BackendCalls.call(() -> backend.start(begun));
        stage.whenComplete((v, failure) -> begun.started.complete(null));
        return stage;
    }

    /** Stops, within the bound and some seconds for the backend; does nothing if not running. */
    void stop() {
        RunningNode stopped;
        CompletableFuture<Void> ended = new CompletableFuture<>();
        synchronized (lock) {
            stopped = run;
            if (stopped == null) {
                return;
            }
            run = null;
            stopping = ended;
        }
        // Who stops an application may have been interrupted; it is stopped in order all the same.
        boolean interrupted = Thread.interrupted();
        try {
            end(stopped);
        } finally {
            executor.rest();
            synchronized (lock) {
                stopping = null;
            }
            ended.complete(null);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(RunningNode stopped) {
        Deadline deadline = new Deadline(shutdownTimeout);
        CompletableFuture<Void> absent = stopped.presence.close();
        if (!deadline.await(stopped.lane.close())) {
            stopped.lane.abandon();
        }
        // The backend is about to end all subscriptions by itself.
        stopped.registry.close();
        List<LocalSubscriber> left = subscribers.all();
        left.forEach(subscriber -> subscriber.mailbox.close());
        List<Drain> late = new ArrayList<>();
        for (LocalSubscriber subscriber : left) {
            Drain drain = subscriber.mailbox.drain();
            if (drain != null && !deadline.await(drain.over())) {
                subscriber.mailbox.end(null);
                late.add(drain);
            }
        }
        if (!late.isEmpty()) {
            abandon(late);
        }
        deadline.await(absent);
        stopped.end();
        subscribers.clear();
        // A start and a stop of the backend must not overlap, unless its start never ends.
        deadline.await(stopped.started);
        stopBackend();
    }

    /** Interrupts what still consumes, and tells which of it goes on all the same. */
    private void abandon(List<Drain> late) {
        Log.warn(
                ErrorCode.STOP_TIMED_OUT,
                late.size()
                        + " subscribers had not consumed their backlogs at the end of"
                        + " channels.shutdown-timeout ("
                        + shutdownTimeout.toMillis()
                        + " ms); what was left is dropped, and callbacks are interrupted: "
                        + names(late),
                null);
        late.forEach(Drain::abandon);
        Deadline grace = new Deadline(INTERRUPTED);
        List<Drain> stuck = late.stream().filter(drain -> !grace.await(drain.over())).toList();
        if (!stuck.isEmpty()) {
            Log.warn(
                    ErrorCode.STOP_TIMED_OUT,
                    stuck.size()
                            + " of them go on in spite of the interrupt, and keep a thread and the"
                            + " classes of the application until they return: "
                            + names(stuck)
                            + ". Let them end when their thread is interrupted.",
                    null);
        }
    }

    private static String names(List<Drain> drains) {
        List<String> names = drains.stream().map(Drain::toString).distinct().toList();
        int shown = Math.min(names.size(), SHOWN);
        String more = shown < names.size() ? " and " + (names.size() - shown) + " others" : "";
        return String.join(", ", names.subList(0, shown)) + more;
    }

    private void stopBackend() {
        Deadline deadline =
                new Deadline(
                        shutdownTimeout.compareTo(LONGEST_BACKEND_STOP) < 0
                                ? shutdownTimeout
                                : LONGEST_BACKEND_STOP);
        if (!deadline.await(BackendCalls.call(backend::stop).toCompletableFuture())) {
            Log.warn(ErrorCode.STOP_TIMED_OUT, "The backend did not stop in time", null);
        }
    }
}
