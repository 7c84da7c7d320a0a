package dev.channels.backend.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.command.EventBytes;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PubSubMessageTest {

    @Test
    void messageSaysWhoPublishedItAndWhich() {
        Map<String, String> headers = Map.of("by", "me");
        byte[] message = PubSubMessage.encode(new byte[] {1, 2, 3}, headers, -7, 42);
        assertThat(message).startsWith(1, 2, 3);
        assertThat(EventBytes.version(message)).isEqualTo(EventBytes.VERSION);
        assertThat(PubSubMessage.decode(message)).isEqualTo(new EventBytes(3, headers));
        assertThat(PubSubMessage.publisher(message)).isEqualTo(-7);
        assertThat(PubSubMessage.sequence(message)).isEqualTo(42);
    }
}
