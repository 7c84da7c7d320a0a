package dev.channels.internal.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.NotRunning;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way of all publishes to the backend: a bounded queue, handed over batch by batch. What is
 * to be done {@link LaneState} decides, under a lock; it is done here, without one.
 *
 * <p>Whoever makes the lane run, or finds its batch settled, sees to it that a task goes on,
 * whatever is thrown on the way.
 */
public final class PublishLane {

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ChannelsBackend backend;
    private final DrainPool serving;
    private final PublishReport report;
    private final ScheduledExecutorService scheduler;
    private final PublishBounds bounds;
    private final Consumer<Runnable> task = this::run;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final LaneState state;

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> emptied;

    /**
     * Makes an open lane on which nothing waits.
     *
     * @param backend is called for one batch at a time
     * @param report tells what became of publishes
     * @param serving runs the lane, and what it makes ready
     * @param scheduler tries again while the broker is away
     * @param bounds how much may wait
     */
    public PublishLane(
            ChannelsBackend backend,
            PublishReport report,
            DrainPool serving,
            ScheduledExecutorService scheduler,
            PublishBounds bounds) {
        this.backend = backend;
        this.serving = serving;
        this.report = report;
        this.scheduler = scheduler;
        this.bounds = bounds;
        this.state = new LaneState(bounds);
    }

    /**
     * Accepts a publish, or refuses it where too much waits already; never waits itself.
     *
     * @param payload what to publish; not to be changed any more
     * @param headers what travels with it, keeping the rule; immutable
     * @param channels to which channels
     * @param promise completed when it is settled, or null
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING} if the lane is closed
     */
    public void publish(
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        long now = report.now();
        LaneState.Admission admission;
        synchronized (lock) {
            if (!state.isOpen()) {
                throw NotRunning.exception();
            }
            admission = state.add(now, payload, headers, channels, promise);
        }
        switch (admission) {
            case REFUSED -> refuse(channels, promise);
            case WAITS -> {
                // Whoever runs the lane, or ends its pause, comes to it.
            }
            case STARTS -> serving.executeThenServe(task);
        }
    }

    /**
     * Has a publish wait for the commit of the calling thread's transaction, if it is in one, and
     * accepts it then; there and then otherwise.
     *
     * @param transactions those of the application
     * @param payload as in {@link #publish}
     * @param headers as in {@link #publish}
     * @param channels as in {@link #publish}
     * @param promise completed when it is settled, or the transaction is rolled back; or null
     * @throws ChannelsException {@link ErrorCode#NOT_RUNNING} if the lane is closed, {@link
     *     ErrorCode#PUBLISH_FAILED} if the transaction is about to end
     */
    public void publishAfterCommit(
            Transactions transactions,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        Transactions.Standing standing =
                transactions.join(
                        new Transactions.Waiting() {
                            @Override
                            public void committed() {
                                publishLate(payload, headers, channels, promise);
                            }

                            @Override
                            public void rolledBack() {
                                report.rolledBack(channels, promise);
                            }
                        });
        switch (standing) {
            case OUTSIDE -> publish(payload, headers, channels, promise);
            case ROLLED_BACK -> report.rolledBack(channels, promise);
            case INSIDE -> {}
        }
    }

    /**
     * Has the calling thread's transaction publish by itself, if it is in one; accepts the publish
     * there and then otherwise.
     *
     * @param transactions those of the application
     * @param payload as in {@link #publish}
     * @param headers as in {@link #publish}
     * @param channels as in {@link #publish}
     * @param promise completed when it is settled, which is when the transaction has ended; or null
     * @throws ChannelsException as {@link #publishAfterCommit} does, and {@link
     *     ErrorCode#EVENT_TOO_LARGE}
     */
    public void publishByTransaction(
            JoinedTransactions transactions,
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        PendingPublish publish = new PendingPublish(0, 0, payload, headers, channels, promise);
        switch (transactions.join(publish, report)) {
            case OUTSIDE -> publish(payload, headers, channels, promise);
            case ROLLED_BACK -> report.rolledBack(channels, promise);
            case INSIDE -> {}
        }
    }

    /** Nobody is there any more who could be thrown at. */
    private void publishLate(
            byte[] payload,
            Map<String, String> headers,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        try {
            publish(payload, headers, channels, promise);
        } catch (ChannelsException e) {
            report.settled(
                    List.of(new PendingPublish(0, 0, payload, headers, channels, promise)), e);
        }
    }

    private void refuse(Set<String> channels, @Nullable CompletableFuture<Void> promise) {
        report.refused(
                channels,
                "A publish to "
                        + ChannelNames.printable(channels)
                        + " failed: "
                        + bounds.maxEvents()
                        + " publishes or "
                        + bounds.maxBytes()
                        + " bytes wait for the broker already. Publish less, wait for waitPublished,"
                        + " or raise channels.publish-queue-max-events and"
                        + " channels.publish-queue-max-bytes.",
                promise);
    }

    // ---- Handing over

    /**
     * Hands over batch by batch.
     *
     * @param produceMany to be called before more than one event is handed over
     */
    private void run(Runnable produceMany) {
        boolean goesOn = false;
        try {
            goesOn = handOverUntilSettledLater(produceMany);
        } finally {
            if (goesOn) {
                serving.executeThenServe(task);
            }
        }
    }

    /** Returns true at the end of its turn: another task is to go on. */
    private boolean handOverUntilSettledLater(Runnable produceMany) {
        long start = System.nanoTime();
        boolean first = true;
        for (var entries = nextCall(); !entries.isEmpty(); entries = nextCall()) {
            if (!first || entries.size() > 1) {
                produceMany.run();
            }
            first = false;
            List<PendingPublish> called = entries;
            report.handedOver(called.size());
            List<Publication> publications = Collections.unmodifiableList(called);
            CompletableFuture<Void> answer = BackendCalls.call(() -> backend.publish(publications));
            if (!answer.isDone()) {
                var unused = answer.whenComplete((v, failure) -> settleLater(called, failure));
                return false;
            }
            if (!settle(called, BackendCalls.failureOf(answer))) {
                return false;
            }
            if (System.nanoTime() - start > TURN_NANOS) {
                return true;
            }
        }
        return false;
    }

    /** Takes the batch to hand over, the old one after an outage; empty if there is none. */
    private List<PendingPublish> nextCall() {
        List<PendingPublish> next;
        CompletableFuture<Void> over;
        synchronized (lock) {
            next = state.nextCall();
            over = next.isEmpty() ? emptied : null;
        }
        if (over != null) {
            over.complete(null);
        }
        return next;
    }

    /** The stage of a batch has closed, on any thread, after the task that called has ended. */
    private void settleLater(List<PendingPublish> settled, @Nullable Throwable outcome) {
        if (settle(settled, outcome)) {
            serving.executeThenServe(task);
        }
    }

    /**
     * The stage of a batch is closed.
     *
     * @return whether the lane goes on; otherwise it pauses, or was abandoned
     */
    private boolean settle(List<PendingPublish> settled, @Nullable Throwable outcome) {
        Throwable failure = outcome == null ? null : Causes.of(outcome);
        if (failure instanceof BrokerUnavailableException) {
            pause(settled, failure);
            return false;
        }
        synchronized (lock) {
            if (!state.settle(settled)) {
                return false;
            }
        }
        report.settled(settled, failure);
        return true;
    }

    // ---- While the broker is away

    /** Keeps the batch for later. */
    private void pause(List<PendingPublish> unsettled, Throwable failure) {
        Duration delay;
        synchronized (lock) {
            delay = state.pause(unsettled);
        }
        if (delay == null) {
            return;
        }
        try {
            var unused = scheduler.schedule(this::resume, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped. The next publish tries again.
            synchronized (lock) {
                state.nobodyResumes();
            }
            report.unscheduled(e);
        }
        report.waiting(bounds.maxEvents() + " events and " + bounds.maxBytes() + " bytes", failure);
    }

    /** Tries again, now rather than later: the broker is said to be back, or the delay is over. */
    public void resume() {
        boolean goesOn;
        synchronized (lock) {
            goesOn = state.resume();
        }
        if (goesOn) {
            serving.executeThenServe(task);
        }
    }

    // ---- The end

    /**
     * Accepts nothing more.
     *
     * @return completes when everything accepted is settled
     */
    public CompletableFuture<Void> close() {
        synchronized (lock) {
            state.close();
            if (emptied == null) {
                emptied = new CompletableFuture<>();
                if (state.size() == 0) {
                    emptied.complete(null);
                }
            }
            return emptied;
        }
    }

    /** Fails what is still waiting, if anything; after {@link #close}, at the end of its bound. */
    public void abandon() {
        List<PendingPublish> left;
        synchronized (lock) {
            left = state.clear();
        }
        if (!left.isEmpty()) {
            report.settled(
                    left,
                    new ChannelsException(
                            ErrorCode.STOP_TIMED_OUT,
                            left.size()
                                    + " publishes were still waiting for the broker at the end of"
                                    + " channels.shutdown-timeout; they are lost."));
        }
    }

    /**
     * Counts what was accepted and is not settled yet.
     *
     * @return how many publishes wait for the broker
     */
    public int waitingPublishes() {
        synchronized (lock) {
            return state.size();
        }
    }
}
