package dev.channels.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.BackendSink;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.PresenceRejectedException;
import dev.channels.spi.Publication;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PresenceTest {

    private static final PresentClient ANN = new PresentClient("1", "ann", null, null);

    private final ManualExecutor executor = new ManualExecutor();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ManualScheduler looks = new ManualScheduler();
    private final Backend backend = new Backend();
    private final Presence presence = presence(backend);

    private Presence presence(ChannelsBackend of) {
        return new Presence(
                of,
                new PresenceSettings(name -> !name.equals("unkept"), Duration.ofSeconds(60)),
                executor,
                scheduler,
                new NodeLog(SureExecutor.on(Runnable::run, looks), looks));
    }

    /** Notes what it is told, and answers as the test says. */
    private static final class Backend implements ChannelsBackend, ChannelPresence {

        private final List<String> calls = new ArrayList<>();
        private Throwable failure;
        private Set<String> different = Set.of();
        private boolean isCapable = true;
        private CompletableFuture<List<PresentClient>> answer =
                CompletableFuture.completedFuture(List.of(ANN));

        private <T> CompletionStage<T> answer(String call, T result) {
            calls.add(call);
            return failure == null
                    ? CompletableFuture.completedFuture(result)
                    : CompletableFuture.failedFuture(failure);
        }

        @Override
        public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
            assertThat(lifetime).isEqualTo(Duration.ofSeconds(48));
            return answer("change " + changes, null);
        }

        @Override
        public CompletionStage<Set<String>> keepAlive(
                Map<String, Integer> clients, Duration lifetime) {
            return answer("keep " + clients, different);
        }

        @Override
        public CompletionStage<Void> replace(
                Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
            return answer("replace " + new TreeMap<>(clients), null);
        }

        @Override
        public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
            calls.add("clients " + channel + " " + limit);
            return answer;
        }

        @Override
        public CompletionStage<PresenceStatistics> statistics(String channel) {
            return answer("statistics " + channel, new PresenceStatistics(2, 1));
        }

        @Override
        public Optional<ChannelPresence> presence() {
            return isCapable ? Optional.of(this) : Optional.empty();
        }

        @Override
        public CompletionStage<Void> start(BackendSink sink) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Void> stop() {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Void> publish(List<Publication> batch) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Void> subscribe(Set<String> channels) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Void> unsubscribe(Set<String> channels) {
            throw new AssertionError();
        }
    }

    private void enter(String channel, PresentClient client) {
        presence.enter(channel, client);
        presence.tell();
    }

    private void leave(String channel, String id) {
        presence.leave(channel, id);
        presence.tell();
    }

    private ErrorCode codeOf(CompletableFuture<?> failed) {
        executor.runAll();
        Throwable failure = failed.handle((v, e) -> e).join();
        if (failure instanceof CompletionException) {
            failure = failure.getCause();
        }
        return ((ChannelsException) failure).errorCode();
    }

    @Test
    void tellsTheBackendOnTheExecutorAndNothingWhereNobodyIsThere() {
        assertThat(executor.size() + scheduler.size()).isZero();
        enter("a", ANN);
        assertThat(backend.calls).isEmpty();
        executor.runAll();
        leave("a", "1");
        executor.runAll();
        assertThat(backend.calls)
                .containsExactly(
                        "change [PresentClient[1] came]", "change [PresentClient[1] went]");
        while (scheduler.runNext()) {
            executor.runAll();
        }
        assertThat(backend.calls).hasSize(2);
    }

    @Test
    void keepsAliveAfterEachInterval() {
        enter("a", ANN);
        executor.runAll();
        scheduler.runNext();
        executor.runAll();
        scheduler.runNext();
        executor.runAll();
        assertThat(backend.calls.subList(1, 3)).containsExactly("keep {a=1}", "keep {a=1}");
        assertThat(scheduler.delaysMillis()).containsOnly(12_000L);
    }

    @Test
    void entersAgainWhatTheBrokerHasLost() {
        enter("a", ANN);
        executor.runAll();
        backend.different = Set.of("a");
        presence.brokerIsBack();
        executor.runAll();
        assertThat(backend.calls.subList(1, 3))
                .containsExactly("keep {a=1}", "replace {a=[PresentClient[1]]}");
    }

    @Test
    void waitsForABrokerThatIsAway() {
        backend.failure = new BrokerUnavailableException("away", null);
        enter("a", ANN);
        executor.runAll();
        enter("b", ANN);
        executor.runAll();
        assertThat(backend.calls).hasSize(1);
        backend.failure = null;
        presence.brokerIsBack();
        executor.runAll();
        assertThat(backend.calls.get(1))
                .isEqualTo("replace {a=[PresentClient[1]], b=[PresentClient[1]]}");
    }

    @Test
    void warnsOfARefusalOnceAndTriesAgainAfterAnInterval() {
        try (LogCapture log = new LogCapture()) {
            backend.failure = new IllegalStateException("NOPERM");
            enter("a", ANN);
            executor.runAll();
            scheduler.runNext();
            executor.runAll();
            assertThat(backend.calls).hasSize(2);
            assertThat(log.messages("CHANNELS0033")).hasSize(1);
        }
    }

    @Test
    void keepsTheOthersAliveWhereAChannelIsRefused() {
        try (LogCapture log = new LogCapture()) {
            enter("bad", ANN);
            enter("good", ANN);
            executor.runAll();
            backend.failure =
                    new PresenceRejectedException(
                            Map.of("bad", new IllegalStateException("WRONGTYPE")));
            scheduler.runNext();
            executor.runAll();
            backend.failure = null;
            backend.calls.clear();
            leave("good", "1");
            executor.runAll();
            enter("good", ANN);
            executor.runAll();
            assertThat(backend.calls).hasSize(2);
            scheduler.runNext();
            executor.runAll();
            assertThat(backend.calls.subList(2, 4))
                    .containsExactly("keep {good=1}", "replace {bad=[PresentClient[1]]}");
            assertThat(log.messages("CHANNELS0033")).hasSize(1);
            assertThat(log.messages("CHANNELS0033").get(0)).contains("'bad'");
        }
    }

    @Test
    void takesEverybodyOutAtTheEnd() {
        enter("a", ANN);
        executor.runAll();
        CompletableFuture<Void> ended = presence.close();
        assertThat(ended).isNotDone();
        executor.runAll();
        assertThat(ended).isCompleted();
        assertThat(backend.calls.get(1)).isEqualTo("replace {a=[]}");
    }

    @Test
    void endsWhileTheBrokerIsAway() {
        backend.failure = new BrokerUnavailableException("away", null);
        enter("a", ANN);
        executor.runAll();
        CompletableFuture<Void> ended = presence.close();
        executor.runAll();
        assertThat(ended).isCompleted();
    }

    @Test
    void endsWhereNobodyEverCame() {
        CompletableFuture<Void> ended = presence.close();
        executor.runAll();
        assertThat(ended).isCompleted();
        assertThat(backend.calls).isEmpty();
    }

    @Test
    void asksOnceForAllWhoAskWhileAQuestionIsUnderWay() {
        backend.answer = new CompletableFuture<>();
        CompletableFuture<List<PresentClient>> first = presence.clients("a");
        assertThat(backend.calls).as("calls on the thread of the caller").isEmpty();
        executor.runAll();
        CompletableFuture<List<PresentClient>> one = presence.clients("a");
        CompletableFuture<List<PresentClient>> two = presence.clients("a");
        executor.runAll();
        assertThat(backend.calls).containsExactly("clients a 10001");
        CompletableFuture<List<PresentClient>> answer = backend.answer;
        backend.answer = new CompletableFuture<>();
        answer.complete(List.of());
        executor.runAll();
        assertThat(first.join()).isEmpty();
        assertThat(backend.calls).containsExactly("clients a 10001", "clients a 10001");
        backend.answer.complete(List.of(ANN));
        executor.runAll();
        assertThat(one.join()).containsExactly(ANN);
        assertThat(two.join()).containsExactly(ANN);
        CompletableFuture<PresenceStatistics> counted = presence.statistics("a");
        executor.runAll();
        assertThat(counted.join()).isEqualTo(new PresenceStatistics(2, 1));
        assertThat(backend.calls).hasSize(3);
    }

    /** Whoever has seen one answer must not get it again for the next question. */
    @Test
    void anAnswerIsNotGivenToWhoAsksAfterIt() {
        backend.answer = new CompletableFuture<>();
        List<CompletableFuture<List<PresentClient>>> again = new ArrayList<>();
        var unused =
                presence.clients("a").whenComplete((known, e) -> again.add(presence.clients("a")));
        executor.runAll();
        CompletableFuture<List<PresentClient>> answer = backend.answer;
        backend.answer = new CompletableFuture<>();
        answer.complete(List.of(ANN));
        executor.runAll();
        backend.answer.complete(List.of());
        executor.runAll();
        assertThat(again).hasSize(1);
        assertThat(again.get(0).join()).isEmpty();
    }

    @Test
    void asksWhenTheBrokerHasBeenToldWhoHasCome() {
        enter("a", ANN);
        CompletableFuture<List<PresentClient>> asked = presence.clients("a");
        assertThat(backend.calls).isEmpty();
        executor.runAll();
        assertThat(backend.calls)
                .containsExactly("change [PresentClient[1] came]", "clients a 10001");
        assertThat(asked).isCompleted();
    }

    @Test
    void givesAQuestionUpThatTheBackendDoesNotAnswer() {
        backend.answer = new CompletableFuture<>();
        CompletableFuture<List<PresentClient>> asked = presence.clients("a");
        executor.runAll();
        scheduler.runNext();
        assertThat(codeOf(asked)).isEqualTo(ErrorCode.PRESENCE_FAILED);
        presence.clients("a");
        executor.runAll();
        assertThat(backend.calls).hasSize(2);
    }

    @Test
    void boundsTheWaitForAnEarlierCallTogetherWithThatForTheAnswer() {
        backend.answer = new CompletableFuture<>();
        CompletableFuture<List<PresentClient>> first = presence.clients("a");
        CompletableFuture<List<PresentClient>> second = presence.clients("a");
        executor.runAll();
        // Each has its time from the moment when it is asked on, though one call is under way.
        assertThat(scheduler.delaysMillis()).containsExactly(30_000L, 30_000L);
        assertThat(backend.calls).hasSize(1);
        scheduler.runNext();
        assertThat(codeOf(first)).isEqualTo(ErrorCode.PRESENCE_FAILED);
        assertThat(second).isNotDone();
        assertThat(backend.calls).hasSize(2);
        scheduler.runNext();
        assertThat(codeOf(second)).isEqualTo(ErrorCode.PRESENCE_FAILED);
        assertThat(scheduler.delaysMillis()).hasSize(2);
    }

    @Test
    void leavesNoTimerBehind() {
        enter("a", ANN);
        executor.runAll();
        presence.close();
        executor.runAll();
        assertThat(scheduler.timers()).isNotEmpty().allMatch(Future::isCancelled);
    }

    @Test
    void tellsWhatCannotBeAnswered() {
        assertThat(codeOf(presence.clients("unkept"))).isEqualTo(ErrorCode.PRESENCE_NOT_KEPT);
        backend.answer = CompletableFuture.failedFuture(new IllegalStateException("NOPERM"));
        assertThat(codeOf(presence.clients("a"))).isEqualTo(ErrorCode.PRESENCE_FAILED);
        backend.answer =
                CompletableFuture.failedFuture(new BrokerUnavailableException("away", null));
        assertThat(codeOf(presence.clients("a"))).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
        backend.answer =
                CompletableFuture.completedFuture(
                        java.util.Collections.nCopies(PresenceQuestions.MAX_CLIENTS + 1, ANN));
        assertThat(codeOf(presence.clients("a"))).isEqualTo(ErrorCode.LIMIT_REACHED);
        backend.isCapable = false;
        assertThat(codeOf(presence.clients("a"))).isEqualTo(ErrorCode.PRESENCE_NOT_KEPT);
        assertThat(codeOf(presence.statistics("a"))).isEqualTo(ErrorCode.PRESENCE_NOT_KEPT);
    }
}
