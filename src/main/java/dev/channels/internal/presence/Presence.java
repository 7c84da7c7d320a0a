package dev.channels.internal.presence;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.internal.presence.LocalClients.Call;
import dev.channels.internal.presence.LocalClients.Change;
import dev.channels.internal.presence.LocalClients.KeepAlive;
import dev.channels.internal.presence.LocalClients.Replace;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.NodeLog;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.PresenceRejectedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells the broker which clients are there on this node, and keeps that alive for as long as there
 * is any; {@link PresenceQuestions} ask it who is there on all nodes. Safe for use by any thread;
 * calls the backend on the executor, and with no lock held.
 */
public final class Presence {

    private final ChannelsBackend backend;
    private final PresenceSettings settings;
    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final NodeLog log;
    private final LocalClients clients = new LocalClients();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** Whether a task that calls is on its way. */
    private final AtomicBoolean due = new AtomicBoolean();

    /** Whether somebody came or went of whom no task is on its way. */
    private final AtomicBoolean untold = new AtomicBoolean();

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closing;

    /** The end of the interval that is waited for, or null. */
    private final AtomicReference<@Nullable Future<?>> timer = new AtomicReference<>();

    private final PresenceQuestions questions;

    /**
     * Makes the presence of one life of a node.
     *
     * @param backend may keep no presence
     * @param settings what is kept, and how long
     * @param executor calls the backend
     * @param scheduler calls again after each interval
     * @param log of the node
     */
    public Presence(
            ChannelsBackend backend,
            PresenceSettings settings,
            Executor executor,
            ScheduledExecutorService scheduler,
            NodeLog log) {
        this.backend = backend;
        this.settings = settings;
        this.executor = executor;
        this.scheduler = scheduler;
        this.log = log;
        this.questions = new PresenceQuestions(backend, executor, scheduler, clients::isUntold);
    }

    /**
     * Tells whether it is kept who is there in a channel.
     *
     * @param channel its name
     * @return false also where the backend cannot
     */
    public boolean isKept(String channel) {
        return settings.kept().test(channel) && backend.presence().isPresent();
    }

    // ---- Who comes and goes on this node

    /**
     * Notes that a client came; may be called with a lock held. {@link #tell} is to follow, without
     * one.
     *
     * @param channel one that is kept
     * @param client who
     */
    public void enter(String channel, PresentClient client) {
        clients.enter(channel, client);
        untold.set(true);
    }

    /**
     * Notes that a client went; may be called with a lock held. {@link #tell} is to follow, without
     * one.
     *
     * @param channel where it was
     * @param id names it
     */
    public void leave(String channel, String id) {
        clients.leave(channel, id);
        untold.set(true);
    }

    /** Has the broker told of who came and went, if anybody did; with no lock held. */
    public void tell() {
        if (untold.get() && untold.getAndSet(false)) {
            if (clients.isBusy()) {
                keepOnCalling();
            }
            callSoon();
        }
    }

    /**
     * Counts the clients of this node.
     *
     * @return how many there are, each once for each channel
     */
    public long localClients() {
        return clients.count();
    }

    private void callSoon() {
        if (clients.isBusy() && due.compareAndSet(false, true)) {
            executor.execute(
                    () -> {
                        due.set(false);
                        call();
                    });
        }
    }

    /** The broker is said to be back; it may have lost what it knew. */
    public void brokerIsBack() {
        if (clients.isBusy()) {
            clients.back();
            callSoon();
        }
    }

    /**
     * All clients of this node are gone.
     *
     * @return completes, normally in any case, when the broker knows it, or cannot be told
     */
    public CompletableFuture<Void> close() {
        closing = true;
        clients.close();
        cancelTimer();
        executor.execute(this::call);
        return ended;
    }

    private void cancelTimer() {
        Future<?> last = timer.getAndSet(null);
        if (last != null) {
            last.cancel(false);
        }
    }

    // ---- Calls

    private void call() {
        Call call = clients.begin();
        if (call != null) {
            var unused = make(call).whenComplete((different, failure) -> ended(different, failure));
        } else if (closing && (clients.isAway() || !clients.isBusy())) {
            ended.complete(null);
        }
    }

    private CompletionStage<Set<String>> make(Call call) {
        return BackendCalls.call(
                () -> {
                    ChannelPresence presence = backend.presence().orElseThrow();
                    if (call instanceof Change change) {
                        return nothingDiffers(
                                presence.change(change.changes(), settings.lifetime()));
                    }
                    if (call instanceof Replace replace) {
                        return nothingDiffers(
                                presence.replace(replace.clients(), settings.lifetime()));
                    }
                    return presence.keepAlive(((KeepAlive) call).clients(), settings.lifetime());
                });
    }

    private static CompletionStage<Set<String>> nothingDiffers(CompletionStage<Void> call) {
        return call.thenApply(done -> Set.of());
    }

    private void ended(@Nullable Set<String> different, @Nullable Throwable failure) {
        if (failure == null) {
            clients.done(different == null ? Set.of() : different);
        } else {
            failed(Causes.of(failure));
        }
        questions.askWhatIsTold();
        executor.execute(this::call);
    }

    private void failed(Throwable reason) {
        if (reason instanceof BrokerUnavailableException) {
            clients.failed();
            return;
        }
        Set<String> refused =
                clients.refused(
                        reason instanceof PresenceRejectedException some
                                ? some.channels()
                                : Set.of());
        if (!refused.isEmpty() && !closing) {
            String channel = refused.iterator().next();
            Throwable known =
                    reason instanceof PresenceRejectedException some
                            ? some.reasonFor(channel)
                            : reason;
            log.warn(
                    ErrorCode.PRESENCE_FAILED,
                    () ->
                            "The backend could not keep which clients are there in channel '"
                                    + ChannelNames.printable(channel)
                                    + "'"
                                    + (refused.size() == 1
                                            ? ""
                                            : " and " + (refused.size() - 1) + " more")
                                    + "; others go on. It is tried again after "
                                    + settings.interval().toMillis()
                                    + " ms, and more and more seldom.",
                    known);
        }
    }

    private void keepOnCalling() {
        if (closing || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            timer.set(
                    scheduler.schedule(
                            () -> executor.execute(this::intervalIsOver),
                            settings.interval().toNanos(),
                            TimeUnit.NANOSECONDS));
            if (closing) {
                cancelTimer();
            }
        } catch (Throwable e) {
            // Whatever a container throws that is being stopped. Who comes next tries again.
            scheduled.set(false);
            log.warn(
                    ErrorCode.EXECUTOR,
                    "presence",
                    () ->
                            "The scheduler refuses tasks (is the server stopping?); which clients"
                                    + " are there is not kept alive.",
                    e);
        }
    }

    private void intervalIsOver() {
        scheduled.set(false);
        if (!closing && clients.isBusy()) {
            clients.intervalIsOver();
            keepOnCalling();
            call();
        }
    }

    // ---- Questions

    /**
     * Reads who is there.
     *
     * @param channel its name
     * @return completes as {@link dev.channels.ChannelsPlugin#presence} says
     */
    public CompletableFuture<List<PresentClient>> clients(String channel) {
        return isKept(channel)
                ? questions.clients(channel)
                : CompletableFuture.failedFuture(notKept(channel));
    }

    /**
     * Counts who is there.
     *
     * @param channel its name
     * @return completes as {@link dev.channels.ChannelsPlugin#presenceStatistics} says
     */
    public CompletableFuture<PresenceStatistics> statistics(String channel) {
        return isKept(channel)
                ? questions.statistics(channel)
                : CompletableFuture.failedFuture(notKept(channel));
    }

    private ChannelsException notKept(String channel) {
        return new ChannelsException(
                ErrorCode.PRESENCE_NOT_KEPT,
                "Who is there in channel '"
                        + ChannelNames.printable(channel)
                        + "' is not kept. "
                        + (backend.presence().isEmpty()
                                ? "The backend cannot; choose another one (channels.backend)."
                                : "Let a policy of it say so: channels.policy.<id>.presence=**, or"
                                        + " deny-all and join-leave=true where only the"
                                        + " application asks."));
    }
}
