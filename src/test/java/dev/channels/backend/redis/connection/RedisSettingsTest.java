package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.MapSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisSettingsTest {

    @Test
    void hasDefaults() {
        MapSettings none = new MapSettings();
        RedisSettings redis = RedisSettings.read(none);
        assertThat(none.problems()).isEmpty();
        assertThat(redis.address()).hasToString("redis://localhost:6379");
        assertThat(redis.prefix()).isEqualTo("channels");
        assertThat(redis.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(redis.commandTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void reportsAnAddressWithoutShowingIt() {
        MapSettings settings = new MapSettings().with("uri", "redis://u:secret@host:port");
        RedisSettings.read(settings);
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .contains("uri", "redis-cluster://")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\n", "a{}"})
    void refusesPrefixesThatWouldMixNames(String prefix) {
        MapSettings settings = new MapSettings().with("key-prefix", prefix);
        RedisSettings.read(settings);
        assertThat(settings.problems()).singleElement().asString().startsWith("key-prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"connect-timeout", "command-timeout", "heartbeat", "reconnect-max-delay"})
    void boundsDurations(String key) {
        for (long millis : new long[] {0, 86_400_001}) {
            MapSettings settings = new MapSettings().with(key, millis);
            RedisSettings.read(settings);
            assertThat(settings.problems())
                    .singleElement()
                    .asString()
                    .startsWith(key + " it must be from 1ms to 1d: Write for example ");
        }
        for (long millis : new long[] {1, 86_400_000}) {
            MapSettings settings = new MapSettings().with(key, millis);
            RedisSettings.read(settings);
            assertThat(settings.problems()).isEmpty();
        }
    }

    @Test
    void theShortestConnectTimeoutLeavesEachHostSome() {
        MapSettings settings =
                new MapSettings().with("uri", "redis-cluster://a").with("connect-timeout", 1);
        assertThat(RedisSettings.read(settings).address().uris().get(0).getTimeout()).isPositive();
    }
}
