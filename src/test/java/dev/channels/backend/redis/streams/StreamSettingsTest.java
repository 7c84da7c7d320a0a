package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.MapSettings;
import dev.channels.spi.ChannelRules;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StreamSettingsTest {

    @Test
    void hasDefaults() {
        MapSettings none = new MapSettings();
        StreamSettings settings = read(none);
        assertThat(none.problems()).isEmpty();
        assertThat(settings.standard().history()).isEqualTo(1000);
        assertThat(settings.trimming()).isEqualTo(Trimming.APPROXIMATE);
        assertThat(settings.standard().retention()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.standard().headTtl()).isGreaterThan(Duration.ofDays(2));
        assertThat(settings.partitions()).isZero();
    }

    @Test
    void keepsStreamsForEverOnlyWhereItIsSaid() {
        MapSettings none = new MapSettings().with("retention", 0);
        StreamSettings settings = read(none);
        assertThat(settings.standard().retention()).isZero();
        assertThat(settings.standard().headTtl()).isZero();
        assertThat(none.problems()).isEmpty();
        MapSettings wrong = new MapSettings().with("retention", 1);
        assertThat(read(wrong).standard().retention()).isEqualTo(Duration.ofDays(1));
        assertThat(wrong.problems()).singleElement().asString().startsWith("retention ");
    }

    @Test
    void aClusterIsPartitionedUnlessThePrefixHasAHashTag() {
        MapSettings cluster = new MapSettings().with("uri", "redis-cluster://a:1");
        assertThat(read(cluster).partitions()).isEqualTo(16);
        cluster.with("cluster-partitions", 1);
        assertThat(read(cluster).partitions()).isEqualTo(1);
        cluster.with("key-prefix", "{app}");
        assertThat(read(cluster).partitions()).isZero();
    }

    private static StreamSettings read(MapSettings settings) {
        return StreamSettings.read(settings, ChannelRules.none());
    }
}
