package dev.channels.cdi.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Which channels metrics name, and how many of them. */
class NamedChannelsTest {

    private final List<String> made = new ArrayList<>();
    private final NamedChannels<String> some = named(channel -> channel.startsWith("order-"));

    private NamedChannels<String> named(Predicate<String> policy) {
        return new NamedChannels<>(
                policy,
                "others",
                channel -> {
                    made.add(channel);
                    return "of " + channel;
                });
    }

    @Test
    void channelIsNamedFromItsFirstEventOnAndTheRestIsTogether() {
        assertThat(some.all()).containsExactly("others");
        assertThat(some.of("order-1")).isEqualTo("of order-1");
        assertThat(some.of("order-1")).isEqualTo("of order-1");
        assertThat(some.of("news")).isEqualTo("others");
        assertThat(made).containsExactly("order-1");
        assertThat(some.all()).containsExactly("others", "of order-1");
    }

    @Test
    void publishToSeveralChannelsHasNoName() {
        assertThat(some.of(Set.of("order-1"))).isEqualTo("of order-1");
        assertThat(some.of(Set.of("order-1", "order-2"))).isEqualTo("others");
        assertThat(some.of(Set.of("news"))).isEqualTo("others");
    }

    @Test
    void noneIsNamedWhereNoPolicyNamesAny() {
        NamedChannels<String> none = new NamedChannels<>(null, "others", channel -> channel);
        assertThat(none.of("order-1")).isEqualTo("others");
        assertThat(none.of(Set.of("order-1"))).isEqualTo("others");
        assertThat(none.all()).containsExactly("others");
    }

    @Test
    void soManyAreNamedAndNoMore() {
        try (LogCapture log = new LogCapture()) {
            for (int i = 1; i <= NamedChannels.MAX + 10; i++) {
                String channel = "order-" + i;
                assertThat(some.of(channel))
                        .isEqualTo(i <= NamedChannels.MAX ? "of " + channel : "others");
            }
            assertThat(some.of("order-1")).isEqualTo("of order-1");
            assertThat(some.all()).hasSize(NamedChannels.MAX + 1);
            assertThat(log.messages("CHANNELS0024"))
                    .singleElement()
                    .asString()
                    .contains("telemetry-channel-names");
        }
    }

    @Test
    void serverThatTakesNoMoreIsAskedNoMore() {
        NamedChannels<String> refused =
                new NamedChannels<>(
                        channel -> true,
                        "others",
                        channel -> {
                            made.add(channel);
                            throw new IllegalStateException("for a test");
                        });
        try (LogCapture log = new LogCapture()) {
            assertThat(refused.of("a")).isEqualTo("others");
            assertThat(refused.of("b")).isEqualTo("others");
            assertThat(log.messages("CHANNELS0024")).hasSize(1);
        }
        assertThat(made).containsExactly("a");
    }

    @Test
    void nothingIsShownAfterTheEnd() {
        some.of("order-1");
        some.close();
        assertThat(some.of("order-1")).isEqualTo("of order-1");
        assertThat(some.of("order-2")).isEqualTo("others");
    }
}
