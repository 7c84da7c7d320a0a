package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BacklogStrategy;
import dev.channels.test.MapSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
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
                                                    "channels.acme.list", "a, b,,c")))
                            .build(),
                    "channels.acme.",
                    problems);

    @Test
    void valuesAreTyped() {
        assertThat(values.text("text")).contains("some");
        assertThat(values.required("text", "Set it.")).isEqualTo("some");
        assertThat(values.number("number", 1, 0, 7)).isEqualTo(7);
        assertThat(values.flag("flag", false)).isTrue();
        assertThat(values.duration("duration", Duration.ZERO)).isEqualTo(Duration.ofMinutes(2));
        assertThat(values.choice("choice", BacklogStrategy.BACKOFF))
                .isEqualTo(BacklogStrategy.DROPLEFT);
        assertThat(values.list("list")).containsExactly("a", "b", "c");
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void defaultsStandInForWhatIsNotSet() {
        assertThat(values.text("none")).isEmpty();
        assertThat(values.number("none", 5, 0, 7)).isEqualTo(5);
        assertThat(values.flag("none", true)).isTrue();
        assertThat(values.duration("none", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(values.choice("none", BacklogStrategy.DISCONNECT))
                .isEqualTo(BacklogStrategy.DISCONNECT);
        assertThat(values.list("none")).isEmpty();
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void defaultsStandInForWhatIsWrong() {
        assertThat(values.number("number", 5, 0, 6)).isEqualTo(5);
        assertThat(values.number("text", 5, 0, 6)).isEqualTo(5);
        assertThat(values.flag("text", true)).isTrue();
        assertThat(values.duration("text", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(values.choice("text", BacklogStrategy.DISCONNECT))
                .isEqualTo(BacklogStrategy.DISCONNECT);
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("channels.acme.number = '7' (from app.properties)")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(6));
    }

    @Test
    void requiredTextThatIsNotSetIsAProblem() {
        assertThat(values.required("uri", "Write redis://host:port.")).isEmpty();
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageEndingWith(
                        "channels.acme.uri = (not shown): it must be set. Write redis://host:port.");
    }
}
