package dev.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u0000", "\u0085", "\ud800", "a\udc00b"})
    void nameThatCannotBeToldIsRefused(String name) {
        assertThatThrownBy(() -> Caller.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither control characters nor unpaired surrogates");
    }

    @Test
    void nameHasAtMost200Characters() {
        assertThat(Caller.named("x".repeat(200)).isAnonymous()).isFalse();
        assertThatThrownBy(() -> Caller.named("x".repeat(201)))
                .hasMessageContaining("at most 200 characters");
        assertThat(Caller.named("\ud83d\ude00").name()).hasSize(2);
    }
}
