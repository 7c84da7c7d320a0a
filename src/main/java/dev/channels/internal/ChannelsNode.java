package dev.channels.internal;

import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ChannelsStatistics;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.internal.publish.PublishBounds;
import dev.channels.internal.publish.PublishLane;
import dev.channels.internal.publish.PublishReport;
import dev.channels.internal.task.BackendCalls;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Deadline;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.NotRunning;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Log;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The plugin on this node: checks what applications ask for, and hands it to the lane, the registry
 * and the history.
 *
 * <p>The life, read and written in {@link #run} only: each start makes a new {@link NodeRun}, each
 * stop ends it for good, so that what a late call of the backend brings falls into the past and
 * harms nothing.
 *
 * <pre>
 *   STOPPED (run = null) ──start──▶ RUNNING (run) ──stop──▶ closing: nothing more is accepted, what was
 *        ▲                                                  accepted is delivered, within the bound
 *        └───────────────────────────────────────────────────────────┘
 * </pre>
 */
public final class ChannelsNode implements ChannelsPlugin {

    /** Waking a thread of a managed executor takes up to the time of so many sends. */
    private static final int SENDERS_WORTH_A_THREAD = 128;

    /** What a backend gets to stop, at the most: it is to take only a few seconds. */
    private static final Duration LONGEST_BACKEND_STOP = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final DeclaredChannels declared;
    private final PayloadEncoder encoder;
    private final ChannelsBackend backend;
    private final SureExecutor executor;
    private final ScheduledExecutorService scheduler;
    private final HistoryReader history;
    private final Limits limits;
    private final Limits senderLimits;
    private final DrainPools pools;
    private final Counters counters = new Counters();
    private final NodeLog log;
    private final Listeners listeners;
    private final Map<Subscriber, Member> members =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private final Object lifeLock = new Object();

    // Writes guarded by lifeLock.
    private volatile @Nullable NodeRun run;
    private @Nullable CompletableFuture<Void> stopping;

    /**
     * Makes a node that is not running yet.
     *
     * @param settings what the configuration says
     * @param encoder turns data into payloads
     * @param backend the one backend
     * @param executor runs the tasks; should not refuse them, see {@link StandInExecutor}
     * @param scheduler runs short tasks later
     */
    public ChannelsNode(
            NodeSettings settings,
            PayloadEncoder encoder,
            ChannelsBackend backend,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.settings = settings;
        this.declared =
                new DeclaredChannels(settings.channels(), settings.arbitraryChannelsAllowed());
        this.encoder = encoder;
        this.backend = backend;
        this.executor = SureExecutor.on(executor, scheduler);
        this.log = new NodeLog(this.executor, scheduler);
        this.scheduler = scheduler;
        this.history = new HistoryReader(backend);
        this.limits = limits(settings, settings.maxBacklogBytes());
        this.senderLimits = limits(settings, settings.maxSenderBacklogBytes());
        this.pools =
                new DrainPools(
                        new DrainPool(
                                this.executor,
                                scheduler,
                                settings.sendConcurrency(),
                                SENDERS_WORTH_A_THREAD),
                        new DrainPool(this.executor, scheduler, settings.sendConcurrency(), 0));
        this.listeners = new Listeners(this.executor, counters, log);
    }

    private static Limits limits(NodeSettings settings, long maxBytes) {
        return new Limits(
                settings.maxBacklog(), maxBytes, settings.strategy(), settings.shutdownTimeout());
    }

    // ---- Life

    /**
     * Starts the node and its backend, after the end of a stop that is under way; does nothing if
     * it is running.
     *
     * @return completes as {@link ChannelsBackend#start} does; the node accepts calls from now on,
     *     whatever the outcome
     */
    public CompletionStage<Void> start() {
        NodeRun begun =
                new NodeRun(
                        new Registry(backend, counters),
                        new PublishLane(
                                backend,
                                new PublishReport(counters, executor, log),
                                pools.senders(),
                                scheduler,
                                new PublishBounds(
                                        settings.publishQueueMaxEvents(),
                                        settings.publishQueueMaxBytes())),
                        listeners);
        CompletableFuture<Void> before;
        synchronized (lifeLock) {
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

    /**
     * Stops the node: accepts nothing more, delivers what was accepted, ends every subscriber,
     * stops the backend. Blocks, no longer than the shutdown timeout and some seconds for the
     * backend; does nothing if it is not running. The node can be started again.
     */
    public void stop() {
        NodeRun stopped;
        CompletableFuture<Void> ended = new CompletableFuture<>();
        synchronized (lifeLock) {
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
            synchronized (lifeLock) {
                stopping = null;
            }
            ended.complete(null);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(NodeRun stopped) {
        Deadline deadline = new Deadline(settings.shutdownTimeout());
        if (!deadline.await(stopped.lane.close())) {
            stopped.lane.abandon();
        }
        List<Member> left = List.copyOf(members.values());
        left.forEach(member -> member.mailbox.close());
        int late = 0;
        for (Member member : left) {
            Drain drain = member.mailbox.drain();
            if (drain != null && !deadline.await(drain.over())) {
                member.mailbox.end(null);
                late++;
            }
        }
        if (late > 0) {
            Log.warn(
                    ErrorCode.STOP_TIMED_OUT,
                    late
                            + " subscribers had not consumed their backlogs at the end of"
                            + " channels.shutdown-timeout ("
                            + settings.shutdownTimeout().toMillis()
                            + " ms); what was left is dropped.",
                    null);
        }
        stopped.end();
        stopped.registry.close();
        members.clear();
        // A start and a stop of the backend must not overlap, unless its start never ends.
        deadline.await(stopped.started);
        stopBackend();
    }

    private void stopBackend() {
        Duration bound = settings.shutdownTimeout();
        Deadline deadline =
                new Deadline(
                        bound.compareTo(LONGEST_BACKEND_STOP) < 0 ? bound : LONGEST_BACKEND_STOP);
        if (!deadline.await(BackendCalls.call(backend::stop).toCompletableFuture())) {
            Log.warn(ErrorCode.STOP_TIMED_OUT, "The backend did not stop in time", null);
        }
    }

    private NodeRun running() {
        NodeRun current = run;
        if (current == null) {
            throw NotRunning.exception();
        }
        return current;
    }

    // ---- Publishing

    @Override
    public void publish(Object data, String... channels) {
        if (channels.length == 1) {
            accept(running(), data, declared.require(channels[0]), null);
        } else {
            publish(data, List.of(channels));
        }
    }

    @Override
    public void publish(Object data, Collection<String> channels) {
        accept(running(), data, declared.require(channels), null);
    }

    @Override
    public CompletionStage<Void> waitPublished(Object data, Collection<String> channels) {
        CompletableFuture<Void> promise = new CompletableFuture<>();
        accept(running(), data, declared.require(channels), promise);
        return promise.minimalCompletionStage();
    }

    private void accept(
            NodeRun current,
            Object data,
            Set<String> channels,
            @Nullable CompletableFuture<Void> promise) {
        Objects.requireNonNull(data, "The data of a publish is null");
        current.lane.publish(encoder.encode(data), channels, promise);
    }

    // ---- Subscribing

    @Override
    public Subscriber subscribe(Collection<String> channels, int history) {
        return startSubscription(channels, history).subscriber();
    }

    @Override
    public Subscription startSubscription(Collection<String> channels, int history) {
        NodeSubscription subscription = join(channels, history, null);
        try {
            await(
                    subscription.established,
                    "A subscription of " + ChannelNames.printable(channels));
        } catch (ChannelsException e) {
            subscription.member.mailbox.end(e);
            throw e;
        }
        return subscription;
    }

    @Override
    public Subscription startSubscription(
            Collection<String> channels, int history, EventSender sender) {
        Objects.requireNonNull(sender, "sender");
        NodeSubscription subscription = join(channels, history, sender);
        var unused =
                subscription.established.exceptionally(
                        failure -> {
                            subscription.member.mailbox.end(BackendCalls.reason(failure));
                            return null;
                        });
        return subscription;
    }

    private NodeSubscription join(
            Collection<String> channels, int history, @Nullable EventSender sender) {
        NodeRun current = running();
        Set<String> names = declared.require(channels);
        Member member = newMember(current, sender != null);
        if (history != 0) {
            member.mailbox.hold();
        }
        if (sender != null) {
            member.mailbox.drainTo(sender);
        }
        members.put(member.subscriber, member);
        CompletableFuture<Void> established =
                current.registry
                        .attach(member, names)
                        .handle(ChannelsNode::subscribed)
                        .thenCompose(v -> this.history.last(names, history))
                        .thenAccept(member.mailbox::begin);
        if (!member.mailbox.isOpen()) {
            // Its sender failed before it was a member.
            leave(current.registry, member);
        }
        if (run != current) {
            // The node was stopped meanwhile, and may not have seen this member.
            member.mailbox.end(NotRunning.exception());
            throw NotRunning.exception();
        }
        return new NodeSubscription(this, member, executor, established);
    }

    private static @Nullable Void subscribed(@Nullable Void nothing, @Nullable Throwable failure) {
        if (failure != null) {
            throw BackendCalls.failed(
                    ErrorCode.SUBSCRIBE_FAILED, "The backend could not subscribe", failure);
        }
        return null;
    }

    private Member newMember(NodeRun current, boolean sending) {
        return new Member(
                sending ? senderLimits : limits,
                pools,
                counters,
                settings.subscribers(),
                member -> leave(current.registry, member));
    }

    /** Forgets a member whose mailbox takes no more events. */
    private void leave(Registry registry, Member member) {
        registry.detach(member, member.channels());
        members.remove(member.subscriber);
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        Member member = members.get(subscriber);
        if (member != null) {
            member.mailbox.close();
        }
    }

    @Override
    public void unsubscribe(Subscriber subscriber, Collection<String> channels) {
        Set<String> names = declared.require(channels);
        Member member = members.get(subscriber);
        if (member != null && running().registry.detach(member, names)) {
            member.mailbox.close();
        }
    }

    // ---- History

    @Override
    public void putSubscriberHistory(
            Subscriber subscriber, Collection<String> channels, int limit) {
        running();
        Set<String> names = declared.require(channels);
        Member member = members.get(subscriber);
        if (member == null || !member.channels().containsAll(names)) {
            throw new ChannelsException(
                    ErrorCode.HISTORY_FAILED,
                    "History of "
                            + ChannelNames.printable(names)
                            + " can only be put for a subscriber of these channels.");
        }
        await(
                history.last(names, limit).thenAccept(member.mailbox::prepend),
                "The history of " + ChannelNames.printable(names));
    }

    // ---- Waiting

    private void await(CompletableFuture<Void> stage, String what) {
        Duration timeout = settings.subscribeTimeout();
        try {
            stage.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw BackendCalls.failed(ErrorCode.SUBSCRIBE_FAILED, what + " failed", e);
        } catch (TimeoutException e) {
            throw new ChannelsException(
                    ErrorCode.SUBSCRIBE_FAILED,
                    what
                            + " was not in force within "
                            + timeout.toMillis()
                            + " ms (channels.subscribe-timeout). Is the broker reachable?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelsException(
                    ErrorCode.SUBSCRIBE_FAILED, what + " was waited for, and interrupted.", e);
        }
    }

    // ---- Listeners and statistics

    @Override
    public void addListener(ChannelsListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeListener(ChannelsListener listener) {
        listeners.remove(listener);
    }

    @Override
    public ChannelsStatistics statistics() {
        NodeRun current = run;
        return new ChannelsStatistics(
                counters.published.sum(),
                counters.publishFailures.sum(),
                counters.received.sum(),
                counters.duplicates.sum(),
                counters.dropped.sum(),
                counters.discarded.sum(),
                counters.skipped.sum(),
                counters.gaps.sum(),
                counters.applicationFailures.sum(),
                members.size(),
                current == null ? 0 : current.lane.waitingPublishes());
    }
}
