package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {

    private final AtomicLong clock = new AtomicLong(-5);
    private final Pulse pulse = new Pulse(clock::get);

    @Test
    void oneAnswerIsAwaitedAtATime() {
        ByteBuffer first = pulse.nextPing();
        assertThat(pulse.nextPing()).isNull();
        assertThat(pulse.isUnanswered()).isTrue();
        pulse.answered(first);
        assertThat(pulse.isUnanswered()).isFalse();
        assertThat(pulse.nextPing()).isNotNull();
    }

    @Test
    void whatAnswersNothingProvesNothing() {
        pulse.answered(ByteBuffer.allocate(8));
        ByteBuffer ping = pulse.nextPing();
        pulse.answered(ByteBuffer.allocate(3));
        assertThat(pulse.isUnanswered()).isTrue();
        pulse.answered(ping);
        assertThat(pulse.isUnanswered()).isFalse();
    }

    @Test
    void bytesAreUnreadUntilAPingBehindThemIsAnswered() {
        pulse.add(Pulse.FITTING);
        assertThat(pulse.fits()).isFalse();
        ByteBuffer ping = pulse.nextPing();
        pulse.add(100);
        pulse.answered(ping);
        assertThat(pulse.fits()).isTrue();
        pulse.add(Pulse.FITTING - 110);
        assertThat(pulse.fits()).as("the 100 are still unread").isFalse();
    }

    @Test
    void answerIsOverdueAfterASecond() {
        assertThat(pulse.isOverdue()).isFalse();
        ByteBuffer ping = pulse.nextPing();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(pulse.isOverdue()).isFalse();
        clock.addAndGet(1);
        assertThat(pulse.isOverdue()).isTrue();
        pulse.answered(ping);
        assertThat(pulse.isOverdue()).isFalse();
    }
}
