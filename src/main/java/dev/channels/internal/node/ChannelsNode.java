package dev.channels.internal.node;

import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ChannelsStatistics;
import dev.channels.ErrorCode;
import dev.channels.EventPublisher;
import dev.channels.EventSender;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.Refusals;
import dev.channels.Start;
import dev.channels.Subscriber;
import dev.channels.Subscription;
import dev.channels.internal.node.NodePublisher.Handover;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.publish.JoinedTransactions;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.PublishBounds;
import dev.channels.internal.publish.PublishLane;
import dev.channels.internal.publish.PublishReport;
import dev.channels.internal.publish.Transactions;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.Stages;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.internal.task.SureExecutor;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelsBackend;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * The plugin on this node: checks what applications ask for, and hands it to the lane, the
 * subscribers and the history. {@link NodeLife} draws its life.
 */
public final class ChannelsNode implements ChannelsPlugin {

    /** Waking a thread of a managed executor takes up to the time of so many sends. */
    private static final int SENDERS_WORTH_A_THREAD = 128;

    private volatile Supplier<Refusals> refusals = () -> Refusals.NONE;
    private final NodeSettings settings;
    private final DeclaredChannels declared;
    private final ChannelsBackend backend;
    private final SureExecutor executor;
    private final ScheduledExecutorService scheduler;
    private final DrainPools pools;
    private final Counters counters = new Counters();
    private final NodeLog log;
    private final Listeners listeners;
    private final LocalSubscribers subscribers;
    private final NodeSubscriptions subscriptions;
    private final NodeLife life;
    private final NodePublisher atOnce;
    private final NodePublisher afterCommit;

    /** What the plugin's own methods do: one of the two. */
    private final NodePublisher publisher;

    /**
     * Makes a node that is not running yet, and whose publishes go out at once.
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
        this(settings, encoder, backend, executor, scheduler, new NoTransactions(), false);
    }

    /**
     * Makes a node that is not running yet.
     *
     * @param settings what the configuration says
     * @param encoder turns data into payloads
     * @param backend the one backend
     * @param executor runs the tasks; should not refuse them, see {@link StandInExecutor}
     * @param scheduler runs short tasks later
     * @param transactions those of the application
     * @param publishAfterCommit whether a publish waits for the commit where the call does not say;
     *     so it does in any case where the backend has an outbox
     */
    public ChannelsNode(
            NodeSettings settings,
            PayloadEncoder encoder,
            ChannelsBackend backend,
            Executor executor,
            ScheduledExecutorService scheduler,
            Transactions transactions,
            boolean publishAfterCommit) {
        this.settings = settings;
        this.declared =
                new DeclaredChannels(settings.channels(), settings.arbitraryChannelsAllowed());
        this.backend = backend;
        this.executor = SureExecutor.on(executor, scheduler);
        this.log = new NodeLog(this.executor, scheduler);
        this.scheduler = scheduler;
        this.pools =
                new DrainPools(
                        new DrainPool(
                                this.executor,
                                scheduler,
                                settings.sendConcurrency(),
                                SENDERS_WORTH_A_THREAD),
                        new DrainPool(this.executor, scheduler, settings.sendConcurrency(), 0));
        this.listeners = new Listeners(this.executor, counters, log);
        this.subscribers = new LocalSubscribers(settings, pools, counters, log);
        this.life =
                new NodeLife(
                        backend,
                        settings.shutdownTimeout(),
                        subscribers,
                        this.executor,
                        this::newLife);
        this.subscriptions =
                new NodeSubscriptions(
                        life, declared, subscribers, this.executor, settings.subscribeTimeout());
        PayloadEncoder bounded = new BoundedEncoder(encoder, settings.publishQueueMaxBytes());
        this.atOnce = new NodePublisher(life, declared, bounded, PublishLane::publish, counters);
        Handover withCommit =
                backend.outbox()
                        .map(outbox -> new JoinedTransactions(outbox, transactions))
                        .map(Handover::byTransaction)
                        .orElseGet(() -> Handover.afterCommit(transactions));
        this.afterCommit = new NodePublisher(life, declared, bounded, withCommit, counters);
        this.publisher = publishAfterCommit || backend.outbox().isPresent() ? afterCommit : atOnce;
    }

    private RunningNode newLife() {
        Retries retries = new Retries(executor, scheduler, log);
        History history = new History(backend, counters.historyReads, executor);
        Presence presence = new Presence(backend, settings.presence(), executor, scheduler, log);
        Optional<ChannelHistory> kept = history.kept();
        boolean cached = kept.isPresent() && !kept.get().isInMemory();
        return new RunningNode(
                new Registry(
                        backend,
                        counters,
                        log,
                        retries,
                        presence,
                        kept.isPresent(),
                        cached ? new HistoryBudget(settings.historyCacheMaxBytes()) : null),
                new PublishLane(
                        backend,
                        new PublishReport(counters, executor, log),
                        pools.senders(),
                        scheduler,
                        new PublishBounds(
                                settings.publishQueueMaxEvents(), settings.publishQueueMaxBytes())),
                history,
                presence,
                retries,
                listeners,
                log);
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
        return life.start();
    }

    /**
     * Stops the node: accepts nothing more, delivers what was accepted, ends every subscriber,
     * stops the backend. Blocks, no longer than the shutdown timeout and some seconds for the
     * backend; does nothing if it is not running. The node can be started again.
     */
    public void stop() {
        life.stop();
    }

    // ---- Publishing

    @Override
    public void publish(Object data, String... channels) {
        publisher.publish(data, channels);
    }

    @Override
    public void publish(Object data, Collection<String> channels) {
        publisher.publish(data, channels);
    }

    @Override
    public void publish(Object data, Map<String, String> headers, Collection<String> channels) {
        publisher.publish(data, headers, channels);
    }

    @Override
    public CompletionStage<Void> waitPublished(
            Object data, Map<String, String> headers, Collection<String> channels) {
        return publisher.waitPublished(data, headers, channels);
    }

    @Override
    public EventPublisher afterCommit() {
        return afterCommit;
    }

    @Override
    public EventPublisher atOnce() {
        return atOnce;
    }

    // ---- Subscribing

    @Override
    public Subscriber subscribe(Collection<String> channels, int history) {
        return startSubscription(channels, history).subscriber();
    }

    @Override
    public Subscription startSubscription(Collection<String> channels, Start start) {
        return subscriptions.startAndAwait(channels, start);
    }

    @Override
    public Subscription startSubscription(
            Collection<String> channels, Start start, EventSender sender) {
        return subscriptions.start(channels, start, sender);
    }

    @Override
    public Subscription openSubscription(EventSender sender) {
        return subscriptions.open(sender);
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        subscriptions.end(subscriber);
    }

    @Override
    public void unsubscribe(Subscriber subscriber, Collection<String> channels) {
        subscriptions.leave(subscriber, channels);
    }

    // ---- History

    @Override
    public void putSubscriberHistory(
            Subscriber subscriber, Collection<String> channels, int limit) {
        subscriptions.putHistory(subscriber, channels, limit);
    }

    /**
     * Returns the history, for reads that are bounded and do not block. Those who ask the same
     * while it is being read share one read, which begins after them.
     *
     * @return the history of the backend, or empty if it keeps none; a read fails while the node
     *     does not run
     */
    public Optional<ChannelHistory> history() {
        return backend.history().map(kept -> new PresentHistory(life));
    }

    /**
     * Forgets a channel: deletes its history, so that it goes on in another life. Who follows it,
     * on any node, is told of a gap, and so is who comes back to a position of before.
     *
     * @param channel the name of the channel
     * @return completes with true when the history is deleted, with false if the backend keeps
     *     none; exceptionally if the broker cannot be reached, or refuses
     * @throws dev.channels.ChannelsException if there is no such channel, or the node does not run
     */
    public CompletionStage<Boolean> forget(String channel) {
        life.running();
        declared.require(channel);
        CompletionStage<Boolean> forgotten =
                history()
                        .map(kept -> kept.forget(channel).thenApply(done -> true))
                        .orElseGet(() -> CompletableFuture.completedFuture(false));
        return Stages.shown(forgotten.toCompletableFuture(), executor);
    }

    /**
     * Returns who holds which lease, over all nodes.
     *
     * @return the leases of the backend, or empty if it has none
     */
    public Optional<ChannelLeases> leases() {
        return backend.leases();
    }

    /**
     * Returns what tells of channels in which something is published.
     *
     * @return the discovery of the backend, or empty if it has none
     */
    public Optional<ChannelDiscovery> discovery() {
        return backend.discovery();
    }

    // ---- Presence

    @Override
    public CompletionStage<List<PresentClient>> presence(String channel) {
        RunningNode current = life.running();
        declared.require(channel);
        return Stages.shown(current.presence.clients(channel), executor);
    }

    @Override
    public CompletionStage<PresenceStatistics> presenceStatistics(String channel) {
        RunningNode current = life.running();
        declared.require(channel);
        return Stages.shown(current.presence.statistics(channel), executor);
    }

    // ---- Listeners and statistics

    /**
     * Has the statistics show what refuses clients.
     *
     * @param source counts them, and is safe for use by any thread
     */
    public void countRefusals(Supplier<Refusals> source) {
        refusals = source;
    }

    /**
     * Counts an event of the history that somebody could not take who had asked for it, and logs it
     * as those that come live.
     *
     * @param cause why not, and what to do
     */
    public void skipped(ChannelsException cause) {
        counters.skipped.increment();
        log.warn(
                ErrorCode.EVENT_SKIPPED,
                () ->
                        "An event was left out of an answer with history. Those that are skipped"
                                + " from now on, here and elsewhere, are counted and told later.",
                cause);
    }

    @Override
    public void addListener(ChannelsListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeListener(ChannelsListener listener) {
        listeners.remove(listener);
    }

    /**
     * Has durations told, or told no more.
     *
     * @param told is told from now on; {@link Durations#NONE} for nobody
     */
    public void record(Durations told) {
        counters.record(told);
    }

    /**
     * Has events followed, or followed no more.
     *
     * @param following follows them from now on; {@link Tracing#NONE} for nobody
     */
    public void trace(Tracing following) {
        counters.trace(following);
    }

    /**
     * Returns who follows events.
     *
     * @return {@link Tracing#NONE} where nobody does
     */
    public Tracing tracing() {
        return counters.tracing();
    }

    /**
     * Adds up what waits in the backlogs of all subscribers; looks at each of them.
     *
     * @return a reading of now
     */
    public WaitingEvents backlog() {
        return subscribers.backlog();
    }

    /**
     * Shows the channels that have subscribers on this node, without holding up anything: while it
     * goes on, channels come and go.
     *
     * @param visitor is called on this thread, for none while the node does not run
     */
    public void showChannels(ChannelVisitor visitor) {
        RunningNode current = life.current();
        if (current != null) {
            current.registry.show(visitor);
        }
    }

    /**
     * Counts the clients of this node that presence shows.
     *
     * @return how many there are, each once for each channel
     */
    public long presentClients() {
        RunningNode current = life.current();
        return current == null ? 0 : current.presence.localClients();
    }

    @Override
    public ChannelsStatistics statistics() {
        RunningNode current = life.current();
        return counters.read(
                refusals.get(),
                subscribers.count(),
                current == null ? 0 : current.lane.waitingPublishes());
    }
}
