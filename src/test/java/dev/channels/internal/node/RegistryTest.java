package dev.channels.internal.node;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.Backlog;
import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.OfferResult;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.internal.stream.FollowedChannel;
import dev.channels.internal.stream.Limits;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.HookClock;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.TestLogs;
import dev.channels.spi.contract.RecordingSink;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualScheduler;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.ScriptedBackend.Call;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RegistryTest {

    private static final PresentClient CLIENT = new PresentClient("1", "ann", null, null);

    private final ScriptedBackend backend = new ScriptedBackend();

    /** Nanoseconds, as the hooks of the application see them. */
    private final AtomicLong hookTime = new AtomicLong();

    private final Counters counters = new Counters();
    private final NodeLog log = TestLogs.direct();
    private final Retries retries = new Retries(Runnable::run, new ManualScheduler(), log);
    private final Presence presence =
            new Presence(backend, PresenceSettings.NONE, Runnable::run, new ManualScheduler(), log);
    private final Registry registry =
            new Registry(backend, counters, log, retries, presence, true, null);

    private LocalSubscriber member() {
        return member(Subscriber::new);
    }

    private LocalSubscriber member(Function<Backlog, Subscriber> subscribers) {
        return new LocalSubscriber(
                new Limits(
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        BacklogStrategy.BACKOFF,
                        Threads.PATIENCE),
                new DrainPools(
                        new DrainPool(Runnable::run, new ManualScheduler(), 1, 0),
                        new DrainPool(Runnable::run, new ManualScheduler(), 1, 0)),
                counters,
                log,
                new HookClock(log, hookTime::get),
                subscribers,
                false,
                member -> {});
    }

    private static List<Long> received(LocalSubscriber member) {
        member.mailbox.stop(true);
        List<ChannelEvent> all = new ArrayList<>();
        member.subscriber.iterEvents().forEach(all::add);
        return offsets(all);
    }

    /** Attaches; what was delivered before the backend is subscribed is held until then. */
    private CompletableFuture<Void> attach(LocalSubscriber member, Set<String> names) {
        return attach(registry, member, names);
    }

    private static CompletableFuture<Void> attach(
            Registry registry, LocalSubscriber member, Set<String> names) {
        return CompletableFuture.allOf(
                registry.attach(member, names, false).stream()
                        .map(it -> it.present().thenRun(() -> flow(member, it.followed())))
                        .toArray(CompletableFuture[]::new));
    }

    private static void flow(LocalSubscriber member, FollowedChannel followed) {
        member.mailbox.give(followed, null, List.of(), true, () -> {});
    }

    private boolean detach(LocalSubscriber member, Set<String> names) {
        registry.leave(member, names);
        return member.channels().isEmpty();
    }

    // ---- Fan-out

    @Test
    void eventsReachTheMembersOfTheirChannel() {
        backend.willing();
        LocalSubscriber a = member();
        LocalSubscriber both = member();
        attach(a, Set.of("a"));
        attach(both, Set.of("a", "b"));
        registry.deliver(event("a", 1));
        registry.deliver(event("b", 2));
        registry.deliver(event("c", 3));
        assertThat(received(a)).containsExactly(1L);
        assertThat(received(both)).containsExactly(1L, 2L);
        assertThat(counters.received.sum()).isEqualTo(2);
    }

    @Test
    void duplicatesAreLeftOutByTheirPosition() {
        backend.willing();
        LocalSubscriber member = member();
        attach(member, Set.of("a"));
        registry.deliver(event("a", 1));
        registry.deliver(event("a", 3));
        registry.deliver(event("a", 3));
        registry.deliver(event("a", 2));
        registry.deliver(event("a", "next", 1));
        registry.deliver(event("a", "next", 1));
        assertThat(received(member)).containsExactly(1L, 3L, 1L);
        assertThat(counters.duplicates.sum()).isEqualTo(3);
        assertThat(counters.received.sum()).isEqualTo(3);
    }

    @Test
    void closedRegistryCallsTheBackendNoMore() {
        backend.willing();
        LocalSubscriber early = member();
        attach(early, Set.of("a"));
        registry.close();
        int calls = backend.calls().size();
        try (LogCapture logged = new LogCapture()) {
            assertThat(attach(member(), Set.of("b"))).isCompletedExceptionally();
            detach(early, Set.of("a"));
            assertThat(logged.records()).isEmpty();
        }
        assertThat(backend.calls()).hasSize(calls);
    }

    @Test
    void throwingSubscriberClassHarmsNobody() {
        backend.willing();
        class Throwing extends Subscriber {
            Throwing(Backlog backlog) {
                super(backlog);
            }

            @Override
            public OfferResult put(ChannelEvent event) {
                if (event.position().offset() == 3) {
                    return super.put(event);
                }
                throw new AssertionError("put");
            }

            @Override
            public void gap(String channel) {
                throw new AssertionError("gap");
            }
        }
        LocalSubscriber before = member();
        LocalSubscriber throwing = member(Throwing::new);
        LocalSubscriber after = member();
        for (LocalSubscriber member : List.of(before, throwing, after)) {
            attach(member, Set.of("a"));
        }
        try (LogCapture logged = new LogCapture()) {
            registry.deliver(event("a", 1));
            registry.deliver(event("a", 2));
            assertThat(logged.messages("CHANNELS0018"))
                    .singleElement()
                    .asString()
                    .contains(Throwing.class.getName());
            registry.deliver(event("a", 3));
            registry.gap("a");
            assertThat(logged.messages("CHANNELS0018")).as("Within one episode").hasSize(1);
        }
        assertThat(received(before)).containsExactly(1L, 2L, 3L);
        assertThat(received(throwing)).containsExactly(3L);
        assertThat(received(after)).containsExactly(1L, 2L, 3L);
        assertThat(counters.applicationFailures.sum()).isEqualTo(3);
    }

    @Test
    void gapReachesTheMembersAndIsCountedAndLogged() {
        backend.willing();
        List<String> gaps = new ArrayList<>();
        LocalSubscriber member =
                member(
                        backlog ->
                                new Subscriber(backlog) {
                                    @Override
                                    public void gap(String channel) {
                                        gaps.add(channel);
                                    }
                                });
        attach(member, Set.of("a"));
        try (LogCapture logged = new LogCapture()) {
            registry.gap("a");
            registry.gap("b");
            assertThat(logged.messages("CHANNELS0014")).as("Within one episode").hasSize(1);
        }
        assertThat(gaps).containsExactly("a");
        assertThat(counters.gaps.sum()).isEqualTo(2);
    }

    @Test
    void everyHookThatKeepsTheThreadOfTheBrokerIsNamed() {
        backend.willing();
        class SlowSubscriber extends Subscriber {
            SlowSubscriber(Backlog backlog) {
                super(backlog);
            }

            @Override
            public void gap(String channel) {
                hookTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
            }
        }
        class SlowSender implements EventSender {
            @Override
            public void send(Delivery delivery, Completion completion) {
                completion.sent();
            }

            @Override
            public void presenceChanged(PresenceChange change) {
                hookTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
        LocalSubscriber member = member(SlowSubscriber::new);
        member.sender = new SlowSender();
        attach(member, Set.of("a"));
        try (LogCapture logged = new LogCapture()) {
            registry.gap("a");
            registry.presenceChanged(new PresenceChange("a", CLIENT, true));
            assertThat(logged.messages("CHANNELS0018"))
                    .hasSize(2)
                    .anyMatch(it -> it.contains("SlowSubscriber kept") && it.contains(" 300 ms"))
                    .anyMatch(it -> it.contains("SlowSender kept") && it.contains(" 200 ms"));
        }
    }

    // ---- Membership and the backend

    /** An executor may run what it is given at once, or wait for a thread. */
    @Test
    void nothingIsHandedToTheExecutorUnderALock() {
        backend.willing();
        MemoryBackend memory = new MemoryBackend(1);
        memory.start(new RecordingSink());
        AtomicReference<Registry> shared = new AtomicReference<>();
        AtomicInteger handedOver = new AtomicInteger();
        Executor executor =
                task -> {
                    handedOver.incrementAndGet();
                    got(Threads.call(() -> attach(shared.get(), member(), Set.of("a"))));
                    task.run();
                };
        Presence known =
                new Presence(memory, PresenceSettings.NONE, executor, new ManualScheduler(), log);
        shared.set(new Registry(backend, counters, log, retries, known, true, null));
        LocalSubscriber member = member();
        attach(shared.get(), member, Set.of("a"));
        shared.get().enter(member, "a", CLIENT);
        int entered = handedOver.get();
        assertThat(entered).isPositive();
        shared.get().leave(member, Set.of("a"));
        assertThat(handedOver.get()).isGreaterThan(entered);
        assertThat(known.localClients()).isZero();
        memory.stop();
    }

    private static <T> T got(Running<T> running) {
        try {
            return running.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneCallForAllChannelsOfAMember() throws Exception {
        Set<String> names =
                IntStream.range(0, 1_000).mapToObj(i -> "ch" + i).collect(Collectors.toSet());
        LocalSubscriber member = member();
        CompletableFuture<Void> attached = attach(member, names);
        assertThat(backend.calls("subscribe")).singleElement();
        assertThat(attached).isNotDone();
        Call call = backend.take();
        assertThat(call.channels()).isEqualTo(names);
        call.complete();
        assertThat(attached).isCompletedWithValue(null);
        assertThat(detach(member, names)).isTrue();
        assertThat(backend.take().channels()).isEqualTo(names);
    }

    @Test
    void onlyTheFirstAndTheLastMemberReachTheBackend() {
        backend.willing();
        LocalSubscriber first = member();
        LocalSubscriber second = member();
        attach(first, Set.of("a"));
        attach(second, Set.of("a", "b"));
        detach(first, Set.of("a"));
        assertThat(backend.calls()).containsExactly("subscribe [a]", "subscribe [b]");
        detach(second, Set.of("a"));
        assertThat(backend.calls()).last().isEqualTo("unsubscribe [a]");
    }

    @Test
    void attachWaitsForTheSubscribeThatIsUnderWay() throws Exception {
        LocalSubscriber first = member();
        LocalSubscriber second = member();
        CompletableFuture<Void> one = attach(first, Set.of("a"));
        CompletableFuture<Void> two = attach(second, Set.of("a"));
        assertThat(backend.calls()).hasSize(1);
        assertThat(two).isNotDone();
        backend.take().complete();
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(attach(member(), Set.of("a"))).isCompleted();
    }

    @Test
    void attachingTwiceToOneChannelCountsOnce() {
        backend.willing();
        LocalSubscriber member = member();
        attach(member, Set.of("a"));
        assertThat(attach(member, Set.of("a"))).isCompleted();
        registry.deliver(event("a", 1));
        assertThat(detach(member, Set.of("a"))).isTrue();
        assertThat(received(member)).containsExactly(1L);
    }

    @Test
    void detachingFromForeignChannelsChangesNothing() {
        backend.willing();
        LocalSubscriber member = member();
        attach(member, Set.of("a"));
        attach(member(), Set.of("b"));
        assertThat(detach(member, Set.of("b", "c"))).isFalse();
        assertThat(backend.calls("unsubscribe")).isEmpty();
    }

    // ---- Races

    @Test
    void subscribeWhileTheLastUnsubscribeIsUnderWayIsNotLost() throws Exception {
        LocalSubscriber leaving = member();
        attach(leaving, Set.of("a"));
        backend.take().complete();
        detach(leaving, Set.of("a"));
        Call unsubscribe = backend.take();

        LocalSubscriber coming = member();
        CompletableFuture<Void> attached = attach(coming, Set.of("a"));
        assertThat(backend.open()).isZero();
        assertThat(attached).isNotDone();
        unsubscribe.complete();
        Call subscribe = backend.take();
        assertThat(subscribe.method()).isEqualTo("subscribe");
        assertThat(attached).isNotDone();
        subscribe.complete();
        assertThat(attached).isCompletedWithValue(null);
        registry.deliver(event("a", 1));
        assertThat(received(coming)).containsExactly(1L);
    }

    @Test
    void unsubscribeThatFailsCountsAsUnsubscribed() throws Exception {
        LocalSubscriber leaving = member();
        attach(leaving, Set.of("a"));
        backend.take().complete();
        detach(leaving, Set.of("a"));
        CompletableFuture<Void> attached = attach(member(), Set.of("a"));
        try (LogCapture logged = new LogCapture()) {
            backend.take().fail(new IllegalStateException("no"));
            assertThat(logged.messages("CHANNELS0010")).singleElement().asString().contains("[a]");
        }
        backend.take().complete();
        assertThat(attached).isCompletedWithValue(null);
    }

    @Test
    void leavingWhileTheSubscribeIsUnderWayUnsubscribesAfterwards() throws Exception {
        LocalSubscriber member = member();
        CompletableFuture<Void> attached = attach(member, Set.of("a"));
        assertThat(detach(member, Set.of("a"))).isTrue();
        assertThat(backend.calls()).containsExactly("subscribe [a]");
        backend.take().complete();
        assertThat(attached).isCompletedWithValue(null);
        assertThat(backend.calls()).containsExactly("subscribe [a]", "unsubscribe [a]");
        backend.take().complete();
        assertThat(backend.open()).isZero();
    }

    @Test
    void comingBackWhileTheSubscribeIsUnderWayNeedsNoOtherCall() throws Exception {
        LocalSubscriber first = member();
        attach(first, Set.of("a"));
        detach(first, Set.of("a"));
        CompletableFuture<Void> attached = attach(member(), Set.of("a"));
        backend.take().complete();
        assertThat(attached).isCompletedWithValue(null);
        assertThat(backend.calls()).containsExactly("subscribe [a]");
    }

    @Test
    void comingAndGoingWhileTheUnsubscribeIsUnderWayNeedsNoOtherCall() throws Exception {
        LocalSubscriber first = member();
        attach(first, Set.of("a"));
        backend.take().complete();
        detach(first, Set.of("a"));
        LocalSubscriber second = member();
        attach(second, Set.of("a"));
        detach(second, Set.of("a"));
        backend.take().complete();
        assertThat(backend.calls()).containsExactly("subscribe [a]", "unsubscribe [a]");
    }

    @Test
    void failedSubscribeFailsAllWhoWaitAndTheNextOneTriesAgain() throws Exception {
        LocalSubscriber first = member();
        LocalSubscriber second = member();
        CompletableFuture<Void> one = attach(first, Set.of("a", "b"));
        CompletableFuture<Void> two = attach(second, Set.of("a"));
        IllegalStateException cause = new IllegalStateException("no");
        backend.take().fail(cause);
        assertThatThrownBy(one::join).hasCause(cause);
        assertThatThrownBy(two::join).hasCause(cause);
        assertThat(first.channels()).isEmpty();
        assertThat(second.channels()).isEmpty();

        CompletableFuture<Void> again = attach(first, Set.of("a"));
        backend.take().complete();
        assertThat(again).isCompletedWithValue(null);
        registry.deliver(event("a", 1));
        assertThat(received(first)).containsExactly(1L);
        assertThat(received(second)).isEmpty();
    }

    @Test
    void failedSubscribeLeavesOtherChannelsOfTheMember() throws Exception {
        LocalSubscriber member = member();
        attach(member, Set.of("a"));
        backend.take().complete();
        attach(member, Set.of("b"));
        backend.take().fail(new IllegalStateException("no"));
        assertThat(member.channels()).containsExactly("a");
        assertThat(detach(member, Set.of("a"))).isTrue();
    }

    @Test
    void backendThatThrowsOrReturnsNullCountsAsFailed() {
        backend.onSubscribe =
                call -> {
                    throw new IllegalStateException("thrown");
                };
        assertThatThrownBy(() -> attach(member(), Set.of("a")).join())
                .hasRootCauseMessage("thrown");
        backend.onSubscribe = call -> null;
        assertThatThrownBy(() -> attach(member(), Set.of("a")).join())
                .hasRootCauseInstanceOf(NullPointerException.class);
        backend.onSubscribe = call -> CompletableFuture.completedFuture(null);
        LocalSubscriber member = member();
        assertThat(attach(member, Set.of("a"))).isCompleted();
        backend.onUnsubscribe = backend.onSubscribe;
        backend.onUnsubscribe =
                call -> {
                    throw new IllegalStateException("thrown");
                };
        assertThat(detach(member, Set.of("a"))).isTrue();
        assertThat(attach(member(), Set.of("a"))).isCompleted();
    }

    /** A backend whose answers are late, fail at times, and which checks how it is called. */
    private static final class SlowBackend {
        final ScriptedBackend scripted = new ScriptedBackend();
        final Set<String> subscribed = ConcurrentHashMap.newKeySet();
        final Set<String> underWay = ConcurrentHashMap.newKeySet();
        final List<String> wrong = new ArrayList<>();
        private final ExecutorService threads = Executors.newFixedThreadPool(2);
        private final Random random;

        SlowBackend(long seed) {
            random = new Random(seed);
            scripted.onSubscribe = call -> answer(call, true);
            scripted.onUnsubscribe = call -> answer(call, false);
        }

        private CompletableFuture<Void> answer(Call call, boolean subscribe) {
            boolean fails;
            boolean late;
            synchronized (wrong) {
                for (String name : call.channels()) {
                    if (!underWay.add(name)) {
                        wrong.add("overlap: " + call);
                    }
                    if (subscribed.contains(name) == subscribe) {
                        wrong.add("again: " + call);
                    }
                }
                fails = random.nextInt(10) == 0;
                late = random.nextInt(4) > 0;
            }
            Runnable end =
                    () -> {
                        synchronized (wrong) {
                            if (!subscribe) {
                                subscribed.removeAll(call.channels());
                            } else if (!fails) {
                                subscribed.addAll(call.channels());
                            }
                            underWay.removeAll(call.channels());
                        }
                        if (fails) {
                            call.fail(new IllegalStateException("at random"));
                        } else {
                            call.complete();
                        }
                    };
            if (late) {
                threads.execute(end);
            } else {
                end.run();
            }
            return call.stage();
        }

        void close() {
            threads.shutdown();
        }
    }

    @RepeatedTest(5)
    void backendIsSubscribedIffThereAreMembers(RepetitionInfo repetition) throws Exception {
        long seed = repetition.getCurrentRepetition();
        SlowBackend slow = new SlowBackend(seed);
        Registry stressed =
                new Registry(slow.scripted, counters, log, retries, presence, true, null);
        List<String> names = List.of("a", "b", "c");
        List<Running<List<LocalSubscriber>>> actors = new ArrayList<>();
        for (int actor = 0; actor < 4; actor++) {
            Random random = new Random(seed * 10 + actor);
            actors.add(
                    Threads.call(
                            () -> {
                                LocalSubscriber member = member();
                                for (int i = 0; i < 3_000; i++) {
                                    Set<String> some =
                                            names.stream()
                                                    .filter(n -> random.nextBoolean())
                                                    .collect(Collectors.toSet());
                                    if (random.nextBoolean()) {
                                        CompletableFuture<Void> attached =
                                                attach(stressed, member, some);
                                        if (random.nextInt(10) == 0) {
                                            attached.exceptionally(e -> null)
                                                    .get(30, TimeUnit.SECONDS);
                                        }
                                    } else {
                                        stressed.leave(member, some);
                                    }
                                }
                                return List.of(member);
                            }));
        }
        List<LocalSubscriber> members = new ArrayList<>();
        for (Running<List<LocalSubscriber>> actor : actors) {
            members.addAll(actor.get());
        }
        // What is violated for good, is violated when nothing is under way any more.
        await().atMost(Threads.PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(slow.underWay).isEmpty();
                            for (String name : names) {
                                boolean wanted =
                                        members.stream().anyMatch(m -> m.channels().contains(name));
                                assertThat(slow.subscribed.contains(name))
                                        .as(name)
                                        .isEqualTo(wanted);
                            }
                        });
        slow.close();
        assertThat(slow.wrong).isEmpty();
    }
}
