package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.MapSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StreamSettingsTest {

    @Test
    void hasDefaults() {
        MapSettings none = new MapSettings();
        StreamSettings settings = StreamSettings.read(none);
        assertThat(none.problems()).isEmpty();
        assertThat(settings.history()).isEqualTo(1000);
        assertThat(settings.trimming()).isEqualTo(StreamSettings.Trimming.APPROXIMATE);
        assertThat(settings.retention()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.headTtl()).isGreaterThan(Duration.ofDays(2));
        assertThat(settings.partitions()).isZero();
    }

    @Test
    void keepsStreamsForEverOnlyWhereItIsSaid() {
        MapSettings none = new MapSettings().with("retention", 0);
        StreamSettings settings = StreamSettings.read(none);
        assertThat(settings.retention()).isZero();
        assertThat(settings.headTtl()).isZero();
        assertThat(none.problems()).isEmpty();
        MapSettings wrong = new MapSettings().with("retention", 1);
        assertThat(StreamSettings.read(wrong).retention()).isEqualTo(Duration.ofDays(1));
        assertThat(wrong.problems()).singleElement().asString().startsWith("retention ");
    }

    @Test
    void aClusterIsPartitionedUnlessThePrefixHasAHashTag() {
        MapSettings cluster = new MapSettings().with("uri", "redis-cluster://a:1");
        assertThat(StreamSettings.read(cluster).partitions()).isEqualTo(16);
        cluster.with("cluster-partitions", 1);
        assertThat(StreamSettings.read(cluster).partitions()).isEqualTo(1);
        cluster.with("key-prefix", "{app}");
        assertThat(StreamSettings.read(cluster).partitions()).isZero();
    }
}
