package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BacklogStrategy;
import dev.channels.spi.Key;
import dev.channels.test.MapSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a backend's factory reads. */
class ValuesTest {

    private final Problems problems = new Problems();
    private final Values values =
            new Values(
                    new SmallRyeConfigBuilder()
                            .addDefaultInterceptors()
                            .withSources(
                                    new MapSource(
                                            Map.of(
                                                    "channels.acme.text", " some ",
                                                    "channels.acme.number", "7",
                                                    "channels.acme.flag", "True",
                                                    "channels.acme.duration", "2m",
                                                    "channels.acme.choice", "dropleft",
                                                    "channels.acme.commas", " , ",
                                                    "channels.acme.list", "a, b,,c")))
                            .build(),
                    "channels.acme.",
                    problems);

    private static Key<Integer> number(String name, int max) {
        return Key.integer(name, "5", 0, max, "how many");
    }

    private static Key<Boolean> flag(String name) {
        return Key.flag(name, true, "whether");
    }

    private static Key<Duration> duration(String name) {
        return Key.duration(name, "1s", "how long");
    }

    private static Key<BacklogStrategy> choice(String name) {
        return Key.choice(name, BacklogStrategy.DISCONNECT, "which one");
    }

    private static Key<List<String>> list(String name) {
        return Key.list(name, "x,y", "which ones");
    }

    @Test
    void valuesAreTyped() {
        assertThat(values.text("text")).contains("some");
        assertThat(values.find(Key.text("text", "", "what"))).contains("some");
        assertThat(values.get(number("number", 7))).isEqualTo(7);
        assertThat(values.get(flag("flag"))).isTrue();
        assertThat(values.get(duration("duration"))).isEqualTo(Duration.ofMinutes(2));
        assertThat(values.get(choice("choice"))).isEqualTo(BacklogStrategy.DROPLEFT);
        assertThat(values.get(list("list"))).containsExactly("a", "b", "c");
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void defaultsStandInForWhatIsNotSet() {
        assertDefaults("none", "none");
        assertThat(values.text("none")).isEmpty();
        assertThat(problems.isEmpty()).isTrue();
    }

    private void assertDefaults(String name, String emptyList) {
        assertThat(values.get(number(name, 7))).isEqualTo(5);
        assertThat(values.get(flag(name))).isTrue();
        assertThat(values.get(duration(name))).isEqualTo(Duration.ofSeconds(1));
        assertThat(values.get(choice(name))).isEqualTo(BacklogStrategy.DISCONNECT);
        assertThat(values.get(list(emptyList))).containsExactly("x", "y");
    }

    @Test
    void defaultsStandInForWhatIsWrong() {
        assertThat(values.get(number("number", 6))).isEqualTo(5);
        assertDefaults("text", "commas");
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("channels.acme.number = '7' (from app.properties)")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(7));
    }

    @Test
    void boundsOfADurationAreSaidAsTheyAreWritten() {
        values.find(Key.duration("duration", "5s", "1s", "1m", "how long"));
        values.find(Key.duration("duration", "5m", "3m", "how long"));
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("it must be from 1s to 1m. Write for example 5s.")
                .hasMessageContaining("it must be 3m or longer. Write for example 5m.");
    }

    @Test
    void defaultMustBeAValue() {
        assertThatThrownBy(() -> Key.integer("few", "9", 0, 8, "how many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("few");
        assertThatThrownBy(Key.integer("any", "", 0, 8, "how many")::defaultValue)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("any");
    }
}
