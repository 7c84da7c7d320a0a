package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Position;
import dev.channels.spi.HistorySlice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ChannelLogTest {

    private static final int LIMIT = 5;

    @Test
    void countsFromOneWithoutHoles() {
        ChannelLog log = log(0);
        assertThat(log.append(new byte[0], Map.of()).position()).isEqualTo(new Position("e", 1));
        assertThat(log.append(new byte[0], Map.of()).position()).isEqualTo(new Position("e", 2));
    }

    @Test
    void keepsTheNewestEvents() {
        for (int appended = 0; appended <= 3 * LIMIT; appended++) {
            ChannelLog log = filled(appended);
            int oldest = Math.max(1, appended - LIMIT + 1);
            assertThat(offsets(log.last(-1))).isEqualTo(range(oldest, appended));
            for (int count = 0; count <= LIMIT + 1; count++) {
                assertThat(offsets(log.last(count)))
                        .isEqualTo(range(Math.max(oldest, appended - count + 1), appended));
            }
        }
    }

    @Test
    void readsOnFromEveryPosition() {
        for (int appended = 0; appended <= 3 * LIMIT; appended++) {
            ChannelLog log = filled(appended);
            int oldest = Math.max(1, appended - LIMIT + 1);
            for (int offset = 0; offset <= appended + 2; offset++) {
                boolean gap = offset < oldest - 1 || offset > appended;
                int first = gap ? oldest : offset + 1;
                Position position = new Position("e", offset);
                assertThat(log.after(position, -1).gap()).isEqualTo(gap);
                assertThat(offsets(log.after(position, -1))).isEqualTo(range(first, appended));
                for (int count = 0; count <= LIMIT + 1; count++) {
                    assertThat(offsets(log.after(position, count)))
                            .isEqualTo(range(first, Math.min(appended, first + count - 1)));
                }
            }
        }
    }

    @Test
    void everyPositionOfAnotherEpochIsAGap() {
        HistorySlice slice = filled(3).after(new Position("f", 3), 2);
        assertThat(slice.gap()).isTrue();
        assertThat(offsets(slice)).containsExactly(1L, 2L);
    }

    @Test
    void keepsNothingWithoutAHistory() {
        ChannelLog log = log(0);
        log.append(new byte[0], Map.of());
        assertThat(log.last(-1).events()).isEmpty();
    }

    private static ChannelLog filled(int events) {
        ChannelLog log = log(LIMIT);
        for (int i = 0; i < events; i++) {
            log.append(new byte[0], Map.of());
        }
        return log;
    }

    private static List<Long> offsets(HistorySlice slice) {
        return slice.events().stream().map(event -> event.position().offset()).toList();
    }

    private static List<Long> range(int first, int last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static ChannelLog log(int limit) {
        return new ChannelLog("a", "e", new ChannelRetention(limit, Duration.ofHours(1)));
    }
}
