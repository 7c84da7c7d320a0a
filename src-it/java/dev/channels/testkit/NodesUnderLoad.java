package dev.channels.testkit;

import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Nodes that subscribe to the same channels, and publish numbered events to them until they are
 * told to end. Used by one thread.
 */
public final class NodesUnderLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LAST_EVENTS = Duration.ofSeconds(20);
    private static final String[] CHANNELS = {"one", "two", "three"};

    /** One node: what it publishes, and what it gets. */
    public record Node(ChannelsBackend backend, EventLedger ledger, NumberedLoad load) {}

    private final List<Node> nodes = new ArrayList<>();
    private final History history;

    /** Starts a node with each of the backends, and then their loads. */
    public NodesUnderLoad(Signal signal, List<ChannelsBackend> backends) {
        history = new History(signal);
        try {
            for (ChannelsBackend backend : backends) {
                EventLedger ledger = new EventLedger(CHANNELS);
                String series = "node-" + nodes.size();
                nodes.add(
                        new Node(
                                backend,
                                ledger,
                                new NumberedLoad(backend, ledger, series, history)));
                join(backend.start(ledger));
                join(backend.subscribe(ledger.channels()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        begin();
    }

    private static void join(CompletionStage<?> stage) {
        stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Returns the nodes. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** Waits until every node has got, from each, a new event. Returns how long that took. */
    public Duration awaitFlow() {
        return awaitFlow(1);
    }

    /** Waits until every node has got, from each, so many of the events published from now on. */
    public Duration awaitFlow(int events) {
        long began = System.nanoTime();
        List<NumberedLoad> loads = nodes.stream().map(Node::load).toList();
        long[] wanted = loads.stream().mapToLong(load -> load.number() + events).toArray();
        await(
                "events to flow",
                () ->
                        nodes.stream()
                                .map(Node::ledger)
                                .allMatch(
                                        ledger ->
                                                IntStream.range(0, wanted.length)
                                                        .allMatch(
                                                                i ->
                                                                        ledger.newest(
                                                                                        loads.get(i)
                                                                                                .series())
                                                                                >= wanted[i])));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /**
     * Begins to look out for an outage.
     *
     * @param which the nodes, from 0, that are to notice it; all if none is given
     */
    public OutageWatch watch(int... which) {
        return new OutageWatch(
                which.length == 0
                        ? nodes.stream().map(Node::ledger).toList()
                        : IntStream.of(which).mapToObj(i -> nodes.get(i).ledger()).toList());
    }

    /** Waits until no node is in an outage, which would swallow the next one. */
    public void awaitCalm() {
        await(
                "no outage",
                () ->
                        nodes.stream()
                                .map(Node::ledger)
                                .allMatch(
                                        ledger -> ledger.connections() == ledger.disconnections()));
    }

    /** Tells of the outages from its making on. */
    public static final class OutageWatch {

        private final List<EventLedger> ledgers;
        private final int[] before;

        private OutageWatch(List<EventLedger> ledgers) {
            this.ledgers = ledgers;
            before = ledgers.stream().mapToInt(EventLedger::disconnections).toArray();
        }

        /** Waits until each node has said that an outage began. */
        public void awaitBegun() {
            await("outages to begin", this::haveBegun);
        }

        private boolean haveBegun() {
            return IntStream.range(0, before.length)
                    .allMatch(i -> ledgers.get(i).disconnections() > before[i]);
        }

        /** Waits until each node has said that an outage began, and that it ended. */
        public void awaitEnded() {
            await(
                    "outages to end",
                    () ->
                            haveBegun()
                                    && ledgers.stream()
                                            .allMatch(
                                                    ledger ->
                                                            ledger.connections()
                                                                    == ledger.disconnections()));
        }
    }

    /**
     * Ends the loads, waits until their last events are there, and judges what each node got. It
     * does not wait for ever: what does not come is lost.
     */
    public List<Verdict> end() {
        nodes.forEach(node -> node.load().end());
        try {
            Awaitility.await("the last events")
                    .atMost(LAST_EVENTS)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> nodes.stream().allMatch(node -> history.hasCome(node.ledger())));
        } catch (ConditionTimeoutException e) {
            // The verdict says what is missing.
        }
        return nodes.stream().map(node -> history.judge(node.ledger())).toList();
    }

    /** Forgets what was published and what came, after an end. */
    public void forget() {
        history.clear();
        nodes.forEach(node -> node.ledger().clear());
    }

    /** Begins the loads again. */
    public void begin() {
        nodes.forEach(node -> node.load().begin());
    }

    @Override
    public void close() {
        nodes.forEach(node -> join(node.backend().stop()));
    }
}
