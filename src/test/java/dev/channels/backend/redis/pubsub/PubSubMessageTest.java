package dev.channels.backend.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PubSubMessageTest {

    @Test
    void messageSaysWhoPublishedItAndWhich() {
        byte[] message = PubSubMessage.encode(new byte[] {1, 2, 3}, -7, 42);
        assertThat(message).startsWith(1, 2, 3);
        assertThat(PubSubMessage.isForeign(message)).isFalse();
        assertThat(PubSubMessage.payloadSize(message)).isEqualTo(3);
        assertThat(PubSubMessage.publisher(message)).isEqualTo(-7);
        assertThat(PubSubMessage.sequence(message)).isEqualTo(42);
    }

    @Test
    void messageThatIsTooShortIsForeign() {
        assertThat(PubSubMessage.isForeign(new byte[15])).isTrue();
        assertThat(PubSubMessage.isForeign(new byte[16])).isFalse();
    }
}
