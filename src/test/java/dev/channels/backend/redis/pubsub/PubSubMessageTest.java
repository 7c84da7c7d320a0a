package dev.channels.backend.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.backend.redis.command.EventBytes;
import dev.channels.spi.Publication;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PubSubMessageTest {

    private static final Map<String, String> HEADERS = Map.of("by", "me");

    private static byte[] encode(Map<String, Long> predecessors) {
        Publication publication =
                new Publication(42, new byte[] {1, 2, 3}, predecessors.keySet(), HEADERS);
        return PubSubMessage.encode(publication, -7, publication.channels(), predecessors::get);
    }

    @Test
    void messageSaysWhoPublishedItAndWhichAndBehindWhat() {
        byte[] message = encode(Map.of("a", 40L));
        assertThat(message).startsWith(1, 2, 3);
        assertThat(EventBytes.version(message)).isEqualTo(EventBytes.VERSION);
        assertThat(PubSubMessage.decode(message)).isEqualTo(new EventBytes(3, HEADERS));
        assertThat(PubSubMessage.publisher(message)).isEqualTo(-7);
        assertThat(PubSubMessage.sequence(message)).isEqualTo(42);
        assertThat(PubSubMessage.predecessor(message, "a")).isEqualTo(40);
    }

    @Test
    void eachOfSeveralChannelsHasItsPredecessor() {
        byte[] message = encode(Map.of("a", 40L, "b", -1L, "c", 41L));
        assertThat(PubSubMessage.decode(message)).isEqualTo(new EventBytes(3, HEADERS));
        assertThat(PubSubMessage.predecessor(message, "a")).isEqualTo(40);
        assertThat(PubSubMessage.predecessor(message, "b")).isEqualTo(-1);
        assertThat(PubSubMessage.predecessor(message, "c")).isEqualTo(41);
        assertThat(PubSubMessage.predecessor(message, "d")).isEqualTo(Predecessors.UNKNOWN);
    }

    @Test
    void ofNamesWithOneHashCodeTheOldestPredecessorCounts() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        byte[] message = encode(Map.of("Aa", 40L, "BB", 30L));
        assertThat(PubSubMessage.predecessor(message, "Aa")).isEqualTo(30);
        assertThat(PubSubMessage.predecessor(message, "BB")).isEqualTo(30);
    }

    @Test
    void aLargePayloadHasManyChannelsBehindIt() {
        byte[] payload = new byte[64 * 1024];
        int most = PubSubMessage.maxChannels(payload.length);
        assertThat(most).isEqualTo(5_461);
        List<String> channels = IntStream.range(0, most).mapToObj(i -> "channel-" + i).toList();
        Publication publication = new Publication(42, payload, Set.copyOf(channels), HEADERS);
        byte[] message =
                PubSubMessage.encode(
                        publication, -7, channels, channel -> (long) channels.indexOf(channel));
        assertThat(message).hasSizeLessThan(2 * payload.length + 100);
        assertThat(PubSubMessage.decode(message)).isEqualTo(new EventBytes(64 * 1024, HEADERS));
        assertThat(PubSubMessage.predecessor(message, "channel-4711")).isEqualTo(4_711);
    }

    @Test
    void soManyChannelsShareAMessage() {
        assertThat(PubSubMessage.maxChannels(0)).isEqualTo(16);
        assertThat(PubSubMessage.maxChannels(1_200)).isEqualTo(100);
        assertThat(PubSubMessage.maxChannels(8 << 20)).isEqualTo(65_535);
    }

    @Test
    void whatIsCutOffIsNoMessage() {
        Publication nothing = new Publication(1, new byte[0], Set.of("a"));
        byte[] message = PubSubMessage.encode(nothing, 1, List.of("a"), channel -> -1);
        for (int from = 1; from < message.length; from++) {
            byte[] cut = Arrays.copyOfRange(message, from, message.length);
            assertThatThrownBy(() -> PubSubMessage.decode(cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
