package dev.channels.client.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.stream.EventForms;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.HistorySlice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryQuestionTest {

    private static final int EVENTS = 1_000;

    /** Notes how many events it is asked for. */
    private static final class Recording implements ChannelHistory {

        private final List<Integer> limits = new ArrayList<>();
        private final byte[] payload;

        Recording(int size) {
            payload = "1".repeat(size).getBytes(StandardCharsets.UTF_8);
        }

        private HistorySlice slice(long from, int count) {
            limits.add(count);
            List<ChannelEvent> events =
                    LongStream.range(from, from + count)
                            .mapToObj(at -> new ChannelEvent("a", new Position("e", at), payload))
                            .toList();
            return new HistorySlice(events, new Position("e", EVENTS), false);
        }

        @Override
        public CompletionStage<HistorySlice> last(String channel, int limit) {
            return CompletableFuture.completedFuture(slice(EVENTS + 1L - limit, limit));
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int limit) {
            return CompletableFuture.completedFuture(slice(position.offset() + 1, limit));
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int limit) {
            return CompletableFuture.completedFuture(slice(position.offset() - limit, limit));
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            throw new UnsupportedOperationException();
        }
    }

    private static int answered(Recording history, boolean reverse) {
        Request.History asked = new Request.History("a", -1, null, reverse);
        Result.History result =
                (Result.History)
                        HistoryQuestion.answer(history, asked, EventForms.json(true), e -> {})
                                .toCompletableFuture()
                                .join();
        return result.publications().size();
    }

    @Test
    void pagesOfSmallEventsGrow() {
        Recording history = new Recording(10);
        assertThat(answered(history, false)).isEqualTo(HistoryQuestion.MAX_EVENTS);
        assertThat(history.limits).startsWith(0, HistoryQuestion.FIRST_PAGE, 50);
        assertThat(history.limits.stream().mapToInt(it -> it).sum())
                .isEqualTo(HistoryQuestion.MAX_EVENTS);
    }

    @Test
    void noMoreThanAFewLargeEventsAreReadAtOnce() {
        for (boolean reverse : List.of(true, false)) {
            Recording history = new Recording(60_000);
            assertThat(answered(history, reverse)).isEqualTo(3);
            assertThat(history.limits).containsExactly(0, HistoryQuestion.FIRST_PAGE);
            Recording smaller = new Recording(10_000);
            assertThat(answered(smaller, reverse)).isBetween(12, 14);
            assertThat(smaller.limits).hasSizeGreaterThan(2);
            assertThat(smaller.limits.subList(2, smaller.limits.size()))
                    .allMatch(limit -> limit <= 13);
        }
    }
}
