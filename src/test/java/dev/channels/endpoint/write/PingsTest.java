package dev.channels.endpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PingsTest {

    @Test
    void pingIsDueOnceInEachInterval() {
        Pings pings = new Pings(10, Long.MAX_VALUE - 5);
        assertThat(pings.take(Long.MAX_VALUE)).isFalse();
        assertThat(pings.take(Long.MIN_VALUE + 4)).isTrue();
        assertThat(pings.take(Long.MIN_VALUE + 13)).isFalse();
        assertThat(pings.take(Long.MIN_VALUE + 14)).isTrue();
    }

    @Test
    void noPingIsDueWithoutAnInterval() {
        assertThat(new Pings(0, 0).take(1_000)).isFalse();
    }

    @Test
    void threePingsInARowWithoutAnAnswerAreTooMany() {
        Pings pings = new Pings(10, 0);
        assertThat(pings.owesTooMany(true)).isFalse();
        assertThat(pings.owesTooMany(true)).isFalse();
        assertThat(pings.owesTooMany(false)).isFalse();
        assertThat(pings.owesTooMany(true)).isFalse();
        assertThat(pings.owesTooMany(true)).isFalse();
        assertThat(pings.owesTooMany(true)).isTrue();
    }
}
