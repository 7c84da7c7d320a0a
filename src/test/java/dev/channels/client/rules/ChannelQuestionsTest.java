package dev.channels.client.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.stream.EventForms;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ChannelQuestionsTest {

    /** Answers when the test says so. */
    private static final class Slow implements ChannelHistory {

        private final List<CompletableFuture<HistorySlice>> asked = new ArrayList<>();

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            CompletableFuture<HistorySlice> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            throw new AssertionError("not called");
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            throw new AssertionError("not called");
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            throw new AssertionError("not called");
        }
    }

    @Test
    void oneHistoryIsReadAfterAnother() {
        Slow history = new Slow();
        ChannelQuestions questions =
                new ChannelQuestions(null, history, EventForms.json(true), e -> {});
        List<CompletableFuture<Result>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Request.History asked = new Request.History("a", 0, null, false);
            answers.add(questions.answer(asked).toCompletableFuture());
        }
        assertThat(history.asked).hasSize(1);
        history.asked.get(0).completeExceptionally(new IllegalStateException("broken"));
        assertThat(answers.get(0)).isCompletedExceptionally();
        assertThat(history.asked).hasSize(2);
        HistorySlice empty = new HistorySlice(List.of(), new Position("e", 0), false);
        history.asked.get(1).complete(empty);
        history.asked.get(2).complete(empty);
        assertThat(answers.get(1)).isCompleted();
        assertThat(answers.get(2)).isCompleted();
    }
}
