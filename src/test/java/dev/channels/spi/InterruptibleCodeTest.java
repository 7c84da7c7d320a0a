package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InterruptibleCodeTest {

    private final InterruptibleCode code = new InterruptibleCode();

    @Test
    void codeThatRunsIsInterruptedAndItsThreadIsNotAfterwards() throws Exception {
        AtomicBoolean seen = new AtomicBoolean();
        AtomicBoolean after = new AtomicBoolean(true);
        CountDownLatch runs = new CountDownLatch(1);
        Thread thread =
                new Thread(
                        () -> {
                            code.begin();
                            runs.countDown();
                            while (!Thread.currentThread().isInterrupted()) {
                                Thread.onSpinWait();
                            }
                            seen.set(true);
                            code.end();
                            after.set(Thread.currentThread().isInterrupted());
                        });
        thread.start();
        runs.await();
        code.interrupt();
        thread.join();
        assertThat(seen).isTrue();
        assertThat(after).isFalse();
    }

    @Test
    void whatDoesNotRunIsNotInterruptedNorIsTheCallerItself() {
        code.interrupt();
        code.begin();
        code.interrupt();
        code.end();
        code.interrupt();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptOfSomebodyElseStays() {
        code.begin();
        Thread.currentThread().interrupt();
        code.end();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void noInterruptOutlivesTheCode() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread interrupting =
                new Thread(
                        () -> {
                            while (!over.get()) {
                                code.interrupt();
                            }
                        });
        interrupting.start();
        try {
            for (int round = 0; round < 10_000; round++) {
                code.begin();
                // Every other end is too early for most interrupts, and just in time for some.
                while (round % 2 == 0 && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                code.end();
                assertThat(Thread.interrupted()).as("round " + round).isFalse();
            }
        } finally {
            over.set(true);
            interrupting.join();
        }
    }
}
