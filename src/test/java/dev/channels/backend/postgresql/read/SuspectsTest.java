package dev.channels.backend.postgresql.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SuspectsTest {

    private final Suspects suspects = new Suspects();
    private final List<ReadPosition> channels =
            IntStream.range(0, 2 * ReaderQueries.MAX_CHANNELS + 1)
                    .mapToObj(i -> new ReadPosition("c" + i))
                    .toList();

    @Test
    void channelsAreReadTogether() {
        assertThat(suspects.parts(channels))
                .extracting(List::size)
                .containsExactly(ReaderQueries.MAX_CHANNELS, ReaderQueries.MAX_CHANNELS, 1);
        assertThat(suspects.parts(channels).stream().flatMap(List::stream))
                .containsExactlyElementsOf(channels);
        assertThat(suspects.parts(List.of())).isEmpty();
        assertThat(suspects.isAlone(channels.subList(0, 1))).isFalse();
    }

    @Test
    void theChannelsOfAReadingThatFailedAreReadAloneUntilTheyAreReadUp() {
        suspects.failed(channels.subList(1, 3));
        List<ReadPosition> some = channels.subList(0, 4);
        assertThat(suspects.parts(some))
                .containsExactly(
                        List.of(channels.get(1)),
                        List.of(channels.get(2)),
                        List.of(channels.get(0), channels.get(3)));
        assertThat(suspects.isAlone(List.of(channels.get(1)))).isTrue();
        suspects.isReadUp(channels.get(1));
        suspects.isReadUp(channels.get(2));
        assertThat(suspects.parts(some)).containsExactly(some);
        assertThat(suspects.isAlone(List.of(channels.get(1)))).isFalse();
    }

    @Test
    void whatNobodyFollowsIsForgotten() {
        suspects.failed(channels.subList(0, 2));
        suspects.keepOnly(channel -> channel == channels.get(1));
        assertThat(suspects.isAlone(List.of(channels.get(0)))).isFalse();
        assertThat(suspects.isAlone(List.of(channels.get(1)))).isTrue();
    }
}
