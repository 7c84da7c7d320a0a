package dev.channels.internal.stream;

import static dev.channels.test.Events.sized;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.RecordingSender;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static Window window(int events, long bytes) {
        return new Window(new RecordingSender().withWindow(events, bytes));
    }

    @Test
    void isBoundedInEvents() {
        Window window = window(2, Long.MAX_VALUE);
        window.begin(sized("a", 1, 10));
        assertThat(window.isOpen()).isTrue();
        window.begin(sized("a", 2, 10));
        assertThat(window.isOpen()).isFalse();
        assertThat(window.complete()).isTrue();
        assertThat(window.isOpen()).isTrue();
        assertThat(window.isEmpty()).isFalse();
    }

    @Test
    void isBoundedInBytes() {
        Window window = window(100, 25);
        window.begin(sized("a", 1, 10));
        window.begin(sized("a", 2, 10));
        assertThat(window.isOpen()).isTrue();
        window.begin(sized("a", 3, 10));
        assertThat(window.isOpen()).isFalse();
        window.complete();
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void oneEventOfAnySizeFits() {
        Window window = window(2, 1);
        assertThat(window.isOpen()).isTrue();
        window.begin(sized("a", 1, 1_000));
        assertThat(window.isOpen()).isFalse();
        window.complete();
        assertThat(window.isOpen()).isTrue();
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void boundsBelowOneCountAsOne() {
        Window window = window(0, -1);
        assertThat(window.isOpen()).isTrue();
        window.begin(sized("a", 1, 0));
        assertThat(window.isOpen()).isFalse();
    }

    @Test
    void completionWithoutSendIsRefused() {
        Window window = window(1, 1);
        assertThat(window.complete()).isFalse();
        window.begin(sized("a", 1, 1));
        assertThat(window.complete()).isTrue();
        assertThat(window.complete()).isFalse();
    }
}
