package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.Position;
import dev.channels.sse.SseQuery.BadQueryException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseQueryTest {

    private static SseQuery read(String query) throws BadQueryException {
        return SseQuery.of(query, null, 3);
    }

    @Test
    void eachChannelIsNamedOnce() throws Exception {
        SseQuery query = read("channel=b&channel=a+%C3%A9%2B&x&channel=b&_=17");
        assertThat(query.channels()).containsExactly("b", "a é+");
        assertThat(query.history()).isZero();
        assertThat(query.positions()).isEmpty();
    }

    @Test
    void historyMayBeAll() throws Exception {
        assertThat(read("channel=a&history=20").history()).isEqualTo(20);
        assertThat(read("channel=a&history=-1").history()).isEqualTo(-1);
    }

    @Test
    void headerCountsMoreThanTheQuery() throws Exception {
        String query = "channel=a&lastEventId=e/a:1";
        assertThat(read(query).positions()).isEqualTo(Map.of("a", new Position("e", 1)));
        assertThat(SseQuery.of(query, "e/a:7", 3).positions())
                .isEqualTo(Map.of("a", new Position("e", 7)));
        // As a page has it that has not had an event yet.
        assertThat(SseQuery.of(query, "", 3).positions()).hasSize(1);
        assertThat(read("channel=a&lastEventId=e%2Fa%3A1").positions()).hasSize(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "&&", "history=3", "Channel=a"})
    void withoutAChannelThereIsNothingToFollow(String query) {
        assertThatThrownBy(() -> read(query))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining("Name a channel");
    }

    @ParameterizedTest
    @CsvSource({
        "channel=%FF, UTF-8",
        "channel=%C0%AF, UTF-8",
        "channel=%, UTF-8",
        "channel=%4, UTF-8",
        "channel=%zz, UTF-8",
        "channel=a&history=, number",
        "channel=a&history=1e9, number",
        "channel=a&history=9999999999, number",
        "channel=a&lastEventId=17, last event ID",
        "channel=a&channel=b&channel=c&channel=d, There may be 3 channels"
    })
    void whatMakesNoSenseIsTold(String query, String word) {
        assertThatThrownBy(() -> read(query))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining(word);
    }

    @Test
    void channelsWhoseIdWouldOutgrowAHeaderAreRefusedAtOnce() throws Exception {
        SseQuery longNames = SseQuery.of(channels("a-name-that-is-longer-than-others-"), null, 128);
        assertThatThrownBy(() -> longNames.checkIds(channel -> true))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining("Follow fewer channels by one stream");
        assertThatThrownBy(() -> longNames.checkIds(channel -> !channel.endsWith("-3")))
                .isInstanceOf(BadQueryException.class);
        longNames.checkIds(channel -> channel.endsWith("-3"));
        SseQuery.of(channels("room"), null, 128).checkIds(channel -> true);
    }

    private static String channels(String prefix) {
        return IntStream.range(0, 128)
                .mapToObj(i -> "channel=" + prefix + i)
                .collect(Collectors.joining("&"));
    }
}
