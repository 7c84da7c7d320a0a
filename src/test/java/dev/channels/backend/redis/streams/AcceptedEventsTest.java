package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.command.Text;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AcceptedEventsTest {

    private final StreamKeys keys = new StreamKeys("p", 2, 0);
    private final int partition = keys.partition("a");

    private long now = Long.MAX_VALUE - 1;
    private final AcceptedEvents accepted = new AcceptedEvents(keys, () -> now);

    private List<String> forgotten(String record) {
        return accepted.forgotten(partition, Text.bytes(record));
    }

    @Test
    void whatTheRecordKnowsIsNotForgotten() {
        accepted.add(partition, Set.of("a"), 5);
        assertThat(forgotten("5")).isEmpty();
        assertThat(forgotten("6\n6 WRONGTYPE")).isEmpty();
        assertThat(forgotten("4\n4 WRONGTYPE")).containsExactly("a");
    }

    @Test
    void aLaterEventOfTheChannelCounts() {
        accepted.add(partition, Set.of("a"), 5);
        accepted.add(partition, Set.of("a"), 7);
        assertThat(forgotten("6")).containsExactly("a");
        accepted.remove(List.of("a"));
        assertThat(forgotten("6")).isEmpty();
    }

    @Test
    void anotherPartitionHasAnotherRecord() {
        accepted.add(partition, Set.of("a"), 5);
        accepted.add(keys.partition("b"), Set.of("b"), 6);
        assertThat(accepted.partitions()).containsExactlyInAnyOrder(0, 1);
        assertThat(forgotten("4")).containsExactly("a");
    }

    @Test
    void withoutARecordEverythingIsForgotten() {
        accepted.add(partition, Set.of("a"), 0);
        assertThat(accepted.forgotten(partition, null)).containsExactly("a");
    }

    @Test
    void aRecordThatHasExpiredForgetsNothing() {
        accepted.add(partition, Set.of("a"), 5);
        now += AcceptedEvents.RECORD_TTL.toNanos() - 1;
        assertThat(accepted.forgotten(partition, null)).containsExactly("a");
        now += 1;
        assertThat(accepted.forgotten(partition, null)).isEmpty();
    }

    @Test
    void theChannelsPublishedToLastAreRemembered() {
        IntStream.range(0, 10_001)
                .mapToObj(i -> i + "-")
                .forEach(channel -> accepted.add(keys.partition(channel), Set.of(channel), 1));
        accepted.add(partition, Set.of("a"), 1);
        List<String> all =
                IntStream.range(0, 2)
                        .mapToObj(i -> accepted.forgotten(i, Text.bytes("0")))
                        .flatMap(List::stream)
                        .toList();
        assertThat(all).hasSize(10_000).contains("a", "2-").doesNotContain("0-", "1-");
    }
}
