package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ErrorCode;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeLogTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final ManualScheduler looks = new ManualScheduler();
    private final ManualScheduler others = new ManualScheduler();
    private final AtomicLong clock = new AtomicLong();
    private final SureExecutor sure = SureExecutor.on(executor, others, clock::get);
    private final NodeLog log = new NodeLog(sure, looks, clock::get);
    private final LogCapture written = new LogCapture();

    @AfterEach
    void end() {
        written.close();
        looks.shutdownNow();
        others.shutdownNow();
    }

    private void pass(long seconds) {
        for (long i = 0; i < seconds; i += 5) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(5));
            if (clock.get() % Episode.QUIET_NANOS == 0) {
                looks.runNext();
            }
        }
        executor.runAll();
    }

    @Test
    void aLineIsNeitherMadeNorWrittenByItsCaller() {
        Thread[] maker = new Thread[1];
        log.warn(
                ErrorCode.GAP,
                () -> {
                    maker[0] = Thread.currentThread();
                    return "lost";
                },
                null);
        log.warn(ErrorCode.STOP_TIMED_OUT, "late", null);
        log.state("well");
        assertThat(maker[0]).isNull();
        assertThat(written.records()).isEmpty();
        executor.runAll();
        assertThat(maker[0]).isNotNull();
        assertThat(written.records())
                .extracting(java.util.logging.LogRecord::getMessage)
                .containsExactly("CHANNELS0014: lost", "CHANNELS0020: late", "CHANNELS0024: well");
    }

    @Test
    void whatHappensAgainAndAgainIsTwoLinesHoweverOften() {
        for (int i = 0; i < 4_214; i++) {
            log.warn(ErrorCode.GAP, () -> "lost", null);
        }
        pass(20);
        assertThat(written.messages("CHANNELS0014"))
                .containsExactly("CHANNELS0014: lost", "CHANNELS0014: … 4,213 more until now");
        assertThat(looks.size()).as("Looks where nothing is under way").isZero();
    }

    @Test
    void whatHappensOnceIsOneLine() {
        log.warn(ErrorCode.GAP, () -> "lost", null);
        pass(60);
        assertThat(written.messages("CHANNELS0014")).hasSize(1);
    }

    @Test
    void anEpisodeWithoutEndIsOneLineAMinute() {
        for (int i = 0; i < 60; i++) {
            log.warn(ErrorCode.GAP, () -> "lost", null);
            pass(5);
        }
        assertThat(written.messages("CHANNELS0014")).hasSizeBetween(4, 7);
        assertThat(written.messages("CHANNELS0014").get(1)).contains("it goes on");
    }

    @Test
    void oneKindDoesNotHideAnother() {
        log.warn(ErrorCode.GAP, () -> "lost", null);
        log.warn(ErrorCode.EVENTS_DROPPED, () -> "dropped", null);
        log.warn(ErrorCode.APPLICATION_CODE_FAILED, "a.B", () -> "B threw", null);
        log.warn(ErrorCode.APPLICATION_CODE_FAILED, "a.C", () -> "C threw", null);
        log.warn(ErrorCode.APPLICATION_CODE_FAILED, "a.C", () -> "C threw", null);
        pass(20);
        assertThat(written.messages("CHANNELS0018"))
                .containsExactly(
                        "CHANNELS0018: B threw",
                        "CHANNELS0018: C threw",
                        "CHANNELS0018: … 1 more (a.C) until now");
        assertThat(written.records()).hasSize(5);
    }

    @Test
    void kindsAndLinesAreBounded() {
        for (int i = 0; i < 100_000; i++) {
            log.warn(ErrorCode.APPLICATION_CODE_FAILED, "class " + i, () -> "threw", null);
            log.state("state");
        }
        executor.runAll();
        assertThat(written.records()).hasSizeLessThanOrEqualTo(1_001);
        log.state("afterwards");
        executor.runAll();
        assertThat(written.records())
                .last()
                .extracting(java.util.logging.LogRecord::getMessage)
                .asString()
                .contains("lines were left out");
    }

    @Test
    void aMessageThatCannotBeMadeCostsOnlyItself() {
        log.warn(
                ErrorCode.GAP,
                () -> {
                    throw new IllegalStateException("no text");
                },
                null);
        log.state("well");
        executor.runAll();
        assertThat(written.messages("CHANNELS0024")).hasSize(1);
    }

    @Test
    void aSchedulerThatIsShutDownCostsTheCountOnly() {
        ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(1);
        ended.shutdownNow();
        NodeLog stopping = new NodeLog(sure, ended, clock::get);
        stopping.warn(ErrorCode.GAP, () -> "lost", null);
        executor.runAll();
        assertThat(written.messages("CHANNELS0014")).hasSize(1);
    }
}
