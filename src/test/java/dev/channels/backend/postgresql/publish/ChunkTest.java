package dev.channels.backend.postgresql.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.Headers;
import dev.channels.spi.Publication;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChunkTest {

    private static Publication publication(long sequence, int size, String... channels) {
        return new Publication(sequence, new byte[size], new LinkedHashSet<>(List.of(channels)));
    }

    @Test
    void numbersTheEventsOfEachChannelInTheOrderOfTheBatch() {
        Chunk chunk =
                new Chunk(
                        List.of(
                                publication(1, 1, "b"),
                                publication(2, 2, "a", "b"),
                                publication(3, 3, "b")));
        Chunk.Rows rows = chunk.rows(Map.of("a", 7L, "b", 5L));
        assertThat(rows.ids()).containsExactly(5L, 7L);
        assertThat(rows.counts()).containsExactly(3, 1);
        long b = 1L << 32;
        long a = 2L << 32;
        assertThat(rows.targets())
                .containsExactly(
                        "{" + (b + 1) + "}",
                        "{" + (a + 1) + "," + (b + 2) + "}",
                        "{" + (b + 3) + "}");
        assertThat(rows.payloads()[2]).hasSize(3);
        assertThat(chunk.firstSequence()).isEqualTo(1);
        assertThat(chunk.lastSequence()).isEqualTo(3);
    }

    @Test
    void aBatchIsOneChunk() {
        List<Publication> batch =
                IntStream.range(0, 1_000).mapToObj(i -> publication(i, 100, "a")).toList();
        assertThat(Chunk.cut(batch)).containsExactly(new Chunk(batch));
    }

    @Test
    void cutsByEventsAndByBytesAndNeverWithinAPublication() {
        String[] many =
                IntStream.range(0, 3_000).mapToObj(Integer::toString).toArray(String[]::new);
        List<Publication> batch =
                List.of(
                        publication(1, 1, "a"),
                        publication(2, 1, many),
                        publication(3, 3 << 20, "a"),
                        publication(4, 3 << 20, "a"),
                        publication(5, 1, "a"));
        assertThat(Chunk.cut(batch))
                .extracting(chunk -> chunk.publications().size())
                .containsExactly(1, 1, 1, 2);
        assertThat(Chunk.cut(batch)).isEqualTo(Chunk.cut(batch));
        assertThat(Chunk.cut(List.of())).isEmpty();
        assertThat(Chunk.cut(batch).get(1).channels()).isEqualTo(Set.of(many));
    }

    @Test
    void headersGoWithTheirPublicationAndCount() {
        Publication plain = publication(1, 10, "a");
        Chunk chunk = new Chunk(List.of(plain));
        assertThat(chunk.bytes()).isEqualTo(10);
        assertThat(chunk.rows(Map.of("a", 1L)).headers()).isDeepEqualTo(new byte[][] {null});
        Publication valid = new Publication(3, new byte[10], Set.of("a"), Map.of("name", "välue"));
        byte[] encoded = Headers.encode(valid.headers());
        Chunk two = new Chunk(List.of(plain, valid));
        assertThat(two.rows(Map.of("a", 1L)).headers()).isDeepEqualTo(new byte[][] {null, encoded});
        assertThat(two.bytes()).isGreaterThanOrEqualTo(20 + 4 + "välue".length() + 1);
    }
}
