package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> NAMES = List.of("memory", "redis-pubsub", "redis-streams");

    @Test
    void fewChangesAreUnderstood() {
        assertThat(Nearest.to("memroy", NAMES)).contains("memory");
        assertThat(Nearest.to("redis-stream", NAMES)).contains("redis-streams");
        assertThat(Nearest.to("redispubsub", NAMES)).contains("redis-pubsub");
    }

    @Test
    void manyChangesAreNot() {
        assertThat(Nearest.to("kafka", NAMES)).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }

    @Test
    void remedyNamesWhatThereIs() {
        assertThat(Nearest.remedy("memroy", NAMES))
                .isEqualTo(
                        "Did you mean 'memory'? Use one of memory, redis-pubsub, redis-streams.");
        assertThat(Nearest.remedy("kafka", NAMES))
                .isEqualTo("Use one of memory, redis-pubsub, redis-streams.");
    }
}
