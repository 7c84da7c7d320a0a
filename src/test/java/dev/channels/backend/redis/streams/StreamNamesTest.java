package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamNamesTest {

    @Test
    void noTwoPrefixesShareAName() {
        List<String> prefixes = List.of("a", "a:", "a:b", "", "stream", "push");
        List<String> channels = List.of("b", ":b", "b:b", "stream", "0");
        Set<String> names = new HashSet<>();
        for (String prefix : prefixes) {
            StreamKeys keys = new StreamKeys(prefix, 0, 0);
            for (String channel : channels) {
                names.add(keys.stream(channel));
                names.add(keys.head(channel));
                names.add(keys.push(channel));
                names.add(prefix + "/" + channel);
            }
            names.add(keys.publisher(0, "id"));
        }
        assertThat(names).hasSize(prefixes.size() * (4 * channels.size() + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "{x}", "}", "{", "{}", "a}b{c", "é ü"})
    void theKeysOfAChannelAreInOneSlotOfACluster(String channel) {
        StreamKeys keys = new StreamKeys("channels", 16, 0);
        int slot = SlotHash.getSlot(keys.stream(channel));
        assertThat(SlotHash.getSlot(keys.head(channel))).isEqualTo(slot);
        String publisher = keys.publisher(keys.partition(channel), "id");
        assertThat(SlotHash.getSlot(publisher)).isEqualTo(slot);
    }

    @Test
    void allChannelsOfOnePartitionAreInOneSlotOfACluster() {
        StreamKeys keys = new StreamKeys("channels", 1, 0);
        assertThat(SlotHash.getSlot(keys.stream("a"))).isEqualTo(SlotHash.getSlot(keys.head("b")));
    }

    @Test
    void knowsItsOwnKeysOnly() {
        for (StreamKeys keys : List.of(new StreamKeys("p", 0, 0), new StreamKeys("p", 16, 0))) {
            assertThat(keys.isChannel("p/{99}/stream/c")).isTrue();
            assertThat(keys.isStream("p/{99}/head/c")).isFalse();
            assertThat(keys.isChannel("p/{x}/stream/c")).isFalse();
            assertThat(keys.isChannel("pp/stream/c")).isFalse();
            assertThat(keys.isChannel(keys.stream("c"))).isTrue();
            assertThat(keys.isChannel(keys.head("c"))).isTrue();
            assertThat(keys.isStream(keys.head("c"))).isFalse();
            assertThat(keys.isChannel(keys.publisher(0, "c"))).isFalse();
            assertThat(keys.isChannel("p/other")).isFalse();
            assertThat(keys.isChannel("p")).isFalse();
        }
    }

    @Test
    void thePatternTakesThePrefixLiterally() {
        assertThat(new StreamKeys("a*[b]?^-\\", 0, 0).pattern())
                .isEqualTo("a\\*\\[b\\]\\?\\^\\-\\\\/*");
    }

    private static StreamPush push(String text) {
        return StreamPush.decode(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatIsPushed() {
        StreamPush push = push("1:e1:12-1700000000000000:a:b:");
        assertThat(push.isKnown()).isTrue();
        assertThat(push.epoch()).isEqualTo("e1");
        assertThat(push.id()).isEqualTo(new StreamId(12, 1_700_000_000_000_000L));
        assertThat(push.body()).asString(StandardCharsets.UTF_8).isEqualTo("a:b:");
        assertThat(push("1:e1:5-5:").body()).isEmpty();
        assertThat(push("1:e1:5-5").body()).isNull();
    }

    @Test
    void knowsWhatANewerVersionPushes() {
        assertThat(push("2:anything").isKnown()).isFalse();
        assertThat(push("2:anything").version()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "hello",
                "a:b",
                "1",
                "1:",
                "1:e",
                "1:e:1",
                "1:e:-1:x",
                "1:e:1-:x",
                "1::1-1:x",
                "0:e:1-1:x",
                "x:e:1-1:x",
                "12345:e:1-1:x"
            })
    void ignoresWhatOthersPush(String text) {
        assertThat(push(text)).isNull();
    }
}
