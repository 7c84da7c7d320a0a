package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class SharedCallsTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final List<CompletableFuture<String>> calls = new ArrayList<>();
    private final List<CompletableFuture<String>> bounded = new ArrayList<>();
    private final AtomicReference<BiConsumer<String, CompletableFuture<String>>> call =
            new AtomicReference<>((question, answer) -> {});
    private final SharedCalls<String, String> shared =
            new SharedCalls<>(
                    (question, answer) -> {
                        calls.add(answer);
                        call.get().accept(question, answer);
                    },
                    (question, answer) -> bounded.add(answer),
                    executor);

    @Test
    void whoAsksDuringACallSharesTheNext() {
        CompletableFuture<String> first = shared.ask("a");
        CompletableFuture<String> second = shared.ask("a");
        CompletableFuture<String> third = shared.ask("a");
        assertThat(third).isSameAs(second).isNotSameAs(first);
        assertThat(shared.ask("b")).isSameAs(calls.get(1));
        assertThat(calls).hasSize(2);
        calls.get(0).complete("one");
        executor.runAll();
        assertThat(first).isCompletedWithValue("one");
        assertThat(calls).hasSize(3).last().isSameAs(second);
        calls.get(2).complete("two");
        executor.runAll();
        assertThat(calls).hasSize(3);
        assertThat(shared.ask("a")).isSameAs(calls.get(3));
    }

    @Test
    void aCallThatCompletesAtOnceDoesNotRecurse() {
        call.set(
                (question, answer) -> {
                    if (calls.size() < 100_000) {
                        CompletableFuture<String> unused = shared.ask(question);
                    }
                    answer.complete("done");
                });
        assertThat(shared.ask("a")).isCompletedWithValue("done");
        executor.runAll();
        assertThat(calls).hasSize(100_000);
    }

    @Test
    void anAnswerThatIsGivenUpBeforeItsCallTakesNoneAndIsSharedByNobody() {
        CompletableFuture<String> first = shared.ask("a");
        CompletableFuture<String> second = shared.ask("a");
        assertThat(bounded).containsExactly(first, second);
        second.cancel(false);
        CompletableFuture<String> third = shared.ask("a");
        assertThat(third).isNotSameAs(second).isSameAs(shared.ask("a"));
        assertThat(bounded).containsExactly(first, second, third);
        third.cancel(false);
        first.complete("one");
        executor.runAll();
        assertThat(calls).containsExactly(first);
        assertThat(shared.ask("a")).isSameAs(calls.get(1)).isNotDone();
    }

    @Test
    void aCallThatThrowsFailsItsAnswerAndNoOther() {
        IllegalStateException failure = new IllegalStateException("no");
        call.set(
                (question, answer) -> {
                    if (calls.size() == 1) {
                        CompletableFuture<String> unused = shared.ask(question);
                        throw failure;
                    }
                });
        assertThat(shared.ask("a")).isCompletedExceptionally();
        executor.runAll();
        assertThat(calls).hasSize(2).last().satisfies(it -> assertThat(it).isNotDone());
    }
}
