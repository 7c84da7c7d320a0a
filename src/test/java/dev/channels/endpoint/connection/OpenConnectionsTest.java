package dev.channels.endpoint.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Caller;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Handshakes;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RefusalCounts;
import dev.channels.internal.task.StandInExecutor;
import dev.channels.test.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenConnectionsTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofHours(1);

    private static final Handshake BY_NOBODY = by(Caller.ANONYMOUS, null);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final FakeConnection connection = new FakeConnection();
    private final RefusalCounts refusals = new RefusalCounts();

    /** Stays connected until its client has read to the end, if ever, or it is terminated. */
    private static final class FakeConnection implements OpenConnection {
        @Override
        public String id() {
            return "fake";
        }

        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final AtomicInteger looks = new AtomicInteger();
        private volatile int readToTheEndAfter = Integer.MAX_VALUE;
        private volatile Health health = Health.FINE;
        private volatile Error closeFailure;
        private volatile boolean terminated;
        private volatile boolean letsItsClientRead;

        @Override
        public Health look(long now, Executor asking) {
            return health;
        }

        @Override
        public void giveUp(Ending ending) {
            calls.add("given up " + ending.code());
        }

        @Override
        public void close() {
            calls.add("closed");
            if (closeFailure != null) {
                throw closeFailure;
            }
        }

        @Override
        public boolean isConnected() {
            return !terminated && looks.incrementAndGet() < readToTheEndAfter;
        }

        @Override
        public void terminate() {
            if (letsItsClientRead) {
                letsItsClientRead = false;
                return;
            }
            calls.add(looks.get() < readToTheEndAfter ? "cut off" : "terminated");
            terminated = true;
        }
    }

    OpenConnectionsTest() {
        scheduler.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private static Handshake by(Caller caller, @Nullable String httpSession) {
        return Handshakes.of("plain", "news", caller, httpSession);
    }

    private static FakeConnection add(OpenConnections connections, Handshake handshake) {
        FakeConnection added = new FakeConnection();
        connections.add(added, handshake);
        return added;
    }

    private OpenConnections connections() {
        return connections(LONG, Runnable::run);
    }

    private OpenConnections connections(Duration closeTimeout, Executor executor) {
        OpenConnections connections =
                new OpenConnections(
                        DoorsFixture.settings(SHORT, 2_000, 2),
                        closeTimeout,
                        executor,
                        scheduler,
                        refusals,
                        null);
        connections.add(connection, BY_NOBODY);
        return connections;
    }

    private static Executor refusingOnce(AtomicInteger tasks) {
        return task -> {
            if (tasks.getAndIncrement() == 0) {
                throw new RejectedExecutionException("not now");
            }
            task.run();
        };
    }

    // ---- The look

    @Test
    void connectionThatIsStuckIsGivenUpAndSaidSo() {
        connection.health = Health.STUCK;
        try (LogCapture log = new LogCapture();
                OpenConnections connections = connections()) {
            await().until(() -> connection.terminated);
            assertThat(connections.size()).isZero();
            await().until(() -> log.messages("CHANNELS0017").size() == 1);
        }
        assertThat(connection.calls).containsExactly("given up 1008", "closed", "cut off");
    }

    @Test
    void manyThatAreStuckAtOnceAreOneLineAndFewThreads() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        try (LogCapture log = new LogCapture();
                OpenConnections connections = connections(SHORT, tasks::add)) {
            for (int i = 0; i < 500; i++) {
                connections.add(new FakeConnection(), BY_NOBODY);
            }
            connections.giveUp(connection, Ending.NOT_READING);
            for (int i = 0; i < 500; i++) {
                FakeConnection stuck = new FakeConnection();
                connections.add(stuck, BY_NOBODY);
                connections.giveUp(stuck, Ending.NOT_READING);
            }
            assertThat(tasks).hasSize(OpenConnections.CLOSING);
            assertThat(log.records()).isEmpty();
        }
    }

    @Test
    void connectionThatIsGoneIsNoNews() {
        connection.health = Health.GONE;
        try (LogCapture log = new LogCapture();
                OpenConnections connections = connections()) {
            await().until(() -> connection.terminated);
            assertThat(connections.size()).isZero();
            assertThat(log.records()).isEmpty();
        }
        assertThat(connection.calls).startsWith("given up 1001", "closed");
    }

    @Test
    void refusalIsNotTheEndOfTheLook() {
        connection.health = Health.STUCK;
        AtomicInteger tasks = new AtomicInteger();
        try (LogCapture log = new LogCapture();
                OpenConnections connections = connections(LONG, refusingOnce(tasks))) {
            await().until(() -> connection.terminated);
            assertThat(connections.size()).isZero();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(tasks).hasValue(2);
    }

    @Test
    void connectionsThatNobodyCouldLookAfterAreOneLine() {
        scheduler.shutdownNow();
        try (LogCapture log = new LogCapture()) {
            OpenConnections connections = connections();
            add(connections, BY_NOBODY);
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
            assertThat(connections.size()).isZero();
        }
    }

    @Test
    void connectionIsClosedWhateverTheSchedulerThrows() {
        ScheduledThreadPoolExecutor broken =
                new ScheduledThreadPoolExecutor(0) {
                    @Override
                    public ScheduledFuture<?> scheduleWithFixedDelay(
                            Runnable task, long first, long delay, TimeUnit unit) {
                        throw new NoClassDefFoundError("the application is gone");
                    }
                };
        OpenConnections connections =
                new OpenConnections(
                        DoorsFixture.settings(SHORT, 1, 1),
                        SHORT,
                        Runnable::run,
                        broken,
                        refusals,
                        null);
        try (LogCapture log = new LogCapture()) {
            assertThat(connections.add(connection, BY_NOBODY)).isFalse();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(connection.calls).containsExactly("given up 1001", "closed");
        assertThat(connections.size()).isZero();
    }

    @Test
    void connectionEndsWithThePermitThatLetItIn() {
        Handshake brief =
                new Handshake(
                        "plain",
                        "news",
                        Caller.ANONYMOUS,
                        null,
                        "no note",
                        Instant.now().plusMillis(100),
                        "");
        try (OpenConnections connections = connections()) {
            FakeConnection added = add(connections, brief);
            await().until(() -> added.terminated);
            assertThat(added.calls).startsWith("given up 1008", "closed");
            assertThat(connection.calls).isEmpty();
        }
    }

    @Test
    void connectionThatNobodyCouldLookAfterIsClosed() {
        scheduler.shutdownNow();
        try (LogCapture log = new LogCapture()) {
            connections();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(connection.calls).containsExactly("given up 1001", "closed");
    }

    @Test
    void connectionIsTerminatedThoughItsCloseThrows() {
        connection.closeFailure = new StackOverflowError();
        try (LogCapture log = new LogCapture();
                OpenConnections connections = connections()) {
            connections.giveUp(connection, Ending.GONE);
            assertThat(connection.terminated).isTrue();
            assertThat(log.records()).hasSize(1);
        }
    }

    // ---- Those that outlive their sessions

    @Test
    void connectionThatItsClientDoesNotLeaveIsEndedAfterAWhile() {
        try (OpenConnections connections = connections()) {
            connections.remove(connection);
            await().until(() -> connection.terminated);
        }
        assertThat(connection.calls).containsExactly("cut off");
    }

    @Test
    void connectionThatItsClientLeavesIsForgotten() {
        connection.readToTheEndAfter = 2;
        try (OpenConnections connections = connections()) {
            connections.remove(connection);
            await().until(() -> connection.looks.get() == 2);
        }
        assertThat(connection.calls).doesNotContain("cut off");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsWhatIsLeft(boolean letsItsClientRead) {
        connection.letsItsClientRead = letsItsClientRead;
        OpenConnections connections =
                new OpenConnections(
                        DoorsFixture.settings(LONG, 2, 2),
                        LONG,
                        Runnable::run,
                        scheduler,
                        refusals,
                        null);
        connections.add(connection, BY_NOBODY);
        connections.remove(connection);
        connections.close();
        assertThat(connection.calls).containsExactly("cut off");
    }

    // ---- Close

    @Test
    void closeClosesWhatIsOpen() {
        connections().close();
        assertThat(connection.calls).containsExactly("given up 1001", "closed", "cut off");
        assertThat(connection.looks).hasValueGreaterThan(1);
    }

    /** Nobody asks again once the application has stopped. */
    @Test
    void closeEndsWhatLetsItsClientReadFirst() {
        connection.letsItsClientRead = true;
        connections().close();
        assertThat(connection.calls).containsExactly("given up 1001", "closed", "cut off");
    }

    @Test
    void clientThatReadsToTheEndIsNotCutOff() {
        connection.readToTheEndAfter = 3;
        connections().close();
        assertThat(connection.looks).hasValue(3);
        assertThat(connection.calls).endsWith("terminated");
    }

    @Test
    void clientThatWasSentAwayJustBeforeMayReadWhy() {
        connection.letsItsClientRead = true;
        connection.readToTheEndAfter = 10;
        OpenConnections connections = connections();
        connections.giveUp(connection, Ending.STOPPING);
        connections.close();
        assertThat(connection.calls).contains("terminated").doesNotContain("cut off");
    }

    @Test
    void drainLetsNobodyInAndSendsEachAwayOnce() {
        OpenConnections connections = connections();
        FakeConnection other = add(connections, BY_NOBODY);
        long begin = System.nanoTime();
        connections.drain(Duration.ofMillis(200));
        // The second one leaves in the middle, so that they do not come back at once.
        assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(100).toNanos());
        FakeConnection late = add(connections, BY_NOBODY);
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "")).isEqualTo(Refusal.STOPPING);
        for (FakeConnection gone : List.of(connection, other)) {
            assertThat(gone.calls).startsWith("given up 1001", "closed");
        }
        assertThat(late.calls).containsExactly("given up 1001", "closed");
        assertThat(connections.size()).isZero();
    }

    @Test
    void drainWithoutTimeLeavesThoseWhoAreHereToTheStop() {
        OpenConnections connections = connections();
        connections.drain(Duration.ZERO);
        assertThat(connection.calls).isEmpty();
        assertThat(add(connections, BY_NOBODY).calls).isNotEmpty();
    }

    /** The application's stop is not held up then. */
    @Test
    void interruptEndsTheDrain() {
        OpenConnections connections = connections();
        FakeConnection other = add(connections, BY_NOBODY);
        Thread.currentThread().interrupt();
        connections.drain(LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(connection.calls).isEmpty();
        assertThat(other.calls).isEmpty();
    }

    @Test
    void closeLeavesWhatWasRemoved() {
        OpenConnections connections = connections();
        connection.readToTheEndAfter = 0;
        connections.remove(connection);
        connections.close();
        assertThat(connection.calls).isEmpty();
    }

    @Test
    void connectionThatComesAfterTheCloseIsClosedAndNotLookedAfter() {
        OpenConnections connections = connections();
        connections.close();
        FakeConnection late = new FakeConnection();
        connections.add(late, BY_NOBODY);
        assertThat(late.calls).containsExactly("given up 1001", "closed");
        assertThat(scheduler.getQueue()).isEmpty();
    }

    @Test
    void closeDoesNotWaitForEverForAnExecutorThatIsStuck() {
        connections(SHORT, task -> {}).close();
        assertThat(connection.calls).doesNotContain("closed");
    }

    @Test
    void closeClosesWhatIsOpenThoughTheContainerRefusesTasks() {
        StandInExecutor standIn =
                new StandInExecutor(
                        task -> {
                            throw new RejectedExecutionException("stopping");
                        });
        try (LogCapture log = new LogCapture()) {
            connections(LONG, standIn).close();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(connection.calls).contains("closed");
    }

    @Test
    void refusalOfOneCloseDoesNotKeepTheOthersOpen() {
        AtomicInteger tasks = new AtomicInteger();
        OpenConnections connections = connections(LONG, refusingOnce(tasks));
        FakeConnection other = new FakeConnection();
        connections.add(other, BY_NOBODY);
        try (LogCapture log = new LogCapture()) {
            connections.close();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        assertThat(connection.calls).contains("closed");
        assertThat(other.calls).contains("closed");
    }

    @Test
    void connectionThatComesDuringTheCloseDoesNotWaitForIt() throws Exception {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        OpenConnections connections = connections(LONG, tasks::add);
        Thread closing = new Thread(connections::close);
        closing.start();
        await().until(() -> tasks.size() == 1);
        FakeConnection late = new FakeConnection();
        connections.add(late, BY_NOBODY);
        assertThat(late.calls).contains("closed");
        assertThat(closing.isAlive()).isTrue();
        tasks.remove().run();
        closing.join(10_000);
        assertThat(closing.isAlive()).isFalse();
    }

    // ---- Whose they are, and how many

    private static final Caller ALICE = Caller.named("alice");
    private static final Caller BOB = Caller.named("bob");

    @Test
    void callerHasNoMoreThanItMayAndAnotherOneAfterOneIsGone() {
        OpenConnections connections = connections();
        FakeConnection first = add(connections, by(ALICE, null));
        assertThat(connections.refusalOf(ALICE, "")).isNull();
        add(connections, by(ALICE, null));
        assertThat(connections.refusalOf(ALICE, "")).isEqualTo(Refusal.CALLER_FULL);
        assertThat(connections.refusalOf(BOB, "")).isNull();
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "")).isNull();
        assertThat(add(connections, by(ALICE, null)).calls)
                .containsExactly("given up 1013", "closed");
        connections.remove(first);
        connections.remove(first);
        assertThat(add(connections, by(ALICE, null)).calls).isEmpty();
        assertThat(add(connections, by(ALICE, null)).calls).isNotEmpty();
    }

    private static Handshake from(String address, @Nullable String channel) {
        return new Handshake("plain", channel, Caller.ANONYMOUS, null, "no note", null, address);
    }

    @Test
    void addressHasNoMoreThanItMayAndAnotherOneAfterOneIsGone() {
        OpenConnections connections = connections();
        FakeConnection first = add(connections, from("192.0.2.1", null));
        add(connections, from("192.0.2.1", null));
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "192.0.2.1")).isNull();
        add(connections, from("192.0.2.1", null));
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "192.0.2.1"))
                .isEqualTo(Refusal.ADDRESS_FULL);
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "192.0.2.2")).isNull();
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "")).isNull();
        assertThat(add(connections, from("192.0.2.1", null)).calls)
                .containsExactly("given up 1013", "closed");
        assertThat(refusals.read().limits()).isEqualTo(2);
        connections.remove(first);
        assertThat(add(connections, from("192.0.2.1", null)).calls).isEmpty();
    }

    @Test
    void clientsBringOnlySoManyChannelsIntoBeing() {
        OpenConnections connections = connections();
        FakeConnection one = add(connections, from("", "a"));
        FakeConnection other = add(connections, from("", "a"));
        assertThat(connections.follow(other, "b")).isTrue();
        assertThat(connections.follow(other, "news")).as("a declared one").isTrue();
        assertThat(connections.follow(other, "c")).isFalse();
        assertThat(connections.publish("c")).isFalse();
        assertThat(connections.haveRoomFor(List.of("a", "b", "news"))).isTrue();
        assertThat(connections.haveRoomFor(List.of("a", "c"))).isFalse();
        assertThat(add(connections, from("", "c")).calls)
                .containsExactly("given up 1013", "closed");
        assertThat(refusals.read().limits()).isEqualTo(4);
        connections.unfollow(other, "b");
        connections.unfollow(other, "b");
        assertThat(connections.publish("c")).isTrue();
        assertThat(connections.follow(one, "c")).isTrue();
        connections.remove(one);
        connections.remove(other);
        assertThat(connections.follow(connection, "d")).isTrue();
        assertThat(connections.follow(connection, "e"))
                .as("what was published is kept for a while")
                .isFalse();
    }

    @Test
    void thereAreNoMoreThanThereMayBe() {
        OpenConnections connections = connections();
        for (int i = 1; i < 2_000; i++) {
            assertThat(add(connections, BY_NOBODY).calls).isEmpty();
        }
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "")).isEqualTo(Refusal.FULL);
        assertThat(add(connections, BY_NOBODY).calls).containsExactly("given up 1013", "closed");
        connections.remove(connection);
        assertThat(connections.refusalOf(Caller.ANONYMOUS, "")).isNull();
    }

    @Test
    void callerWhoSaysLaterWhoItIsCountsFromThen() {
        OpenConnections connections = connections();
        add(connections, by(ALICE, null));
        assertThat(connections.identify(connection, ALICE)).isTrue();
        assertThat(connections.identify(connection, ALICE)).isTrue();
        assertThat(connections.refusalOf(ALICE, "")).isEqualTo(Refusal.CALLER_FULL);
        FakeConnection another = add(connections, BY_NOBODY);
        assertThat(connections.identify(another, ALICE)).isFalse();
        assertThat(connections.identify(connection, BOB)).isTrue();
        assertThat(connections.identify(another, ALICE)).isTrue();
    }

    @Test
    void endOfASessionOfHttpEndsTheConnectionsOfItsCaller() {
        OpenConnections connections = connections();
        FakeConnection alices = add(connections, by(ALICE, "one"));
        FakeConnection nobodys = add(connections, by(Caller.ANONYMOUS, "one"));
        FakeConnection others = add(connections, by(ALICE, "two"));
        connections.renameHttpSession("one", "three");
        connections.endHttpSession("one");
        assertThat(alices.calls).isEmpty();
        connections.endHttpSession("three");
        assertThat(alices.calls).startsWith("given up 1008", "closed");
        assertThat(nobodys.calls).isEmpty();
        assertThat(others.calls).isEmpty();
    }

    @Test
    void sessionOfHttpThatEndsBeforeTheConnectionIsOpenEndsItToo() {
        OpenConnections connections = connections();
        connections.endHttpSession("one");
        FakeConnection late = new FakeConnection();
        assertThat(connections.add(late, by(ALICE, "one"))).isFalse();
        assertThat(late.calls).startsWith("given up 1008", "closed");
        assertThat(connections.add(new FakeConnection(), by(Caller.ANONYMOUS, "one"))).isTrue();
        assertThat(connections.add(new FakeConnection(), by(ALICE, "two"))).isTrue();
        connections.beginHttpSession("one");
        assertThat(connections.add(new FakeConnection(), by(ALICE, "one"))).isTrue();
    }

    /** A logout of Payara gives the session another id before it ends it. */
    @Test
    void sessionOfHttpThatGetsAnotherIdBeforeTheConnectionIsOpenIsFollowed() {
        OpenConnections connections = connections();
        connections.renameHttpSession("one", "two");
        FakeConnection late = add(connections, by(ALICE, "one"));
        connections.renameHttpSession("two", "three");
        assertThat(late.calls).isEmpty();
        connections.endHttpSession("three");
        assertThat(late.calls).startsWith("given up 1008", "closed");
        assertThat(connections.add(new FakeConnection(), by(ALICE, "one"))).isFalse();
    }

    @Test
    void callerIsEnded() {
        OpenConnections connections = connections();
        FakeConnection alices = add(connections, by(ALICE, null));
        FakeConnection bobs = add(connections, by(BOB, null));
        connections.endCaller("alice");
        assertThat(alices.calls).startsWith("given up 1008", "closed");
        assertThat(bobs.calls).isEmpty();
        assertThat(connection.calls).isEmpty();
        connections.endCaller("");
        assertThat(connection.calls).as("nobody is no caller").isEmpty();
    }
}
