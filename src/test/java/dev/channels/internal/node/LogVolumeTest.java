package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Start;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.presence.Presence;
import dev.channels.internal.presence.PresenceSettings;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Episode;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.TestLogs;
import dev.channels.test.LogCapture;
import dev.channels.test.ManualScheduler;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.Threads;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to thousands at once, or again and again, is a handful of lines. */
class LogVolumeTest {

    private static final int HANDFUL = 5;

    @RegisterExtension final NodeFixture it = new NodeFixture();

    /** Takes whatever comes. */
    private static final class QuickSender implements EventSender {
        @Override
        public void send(Delivery delivery, Completion completion) {
            completion.sent();
        }
    }

    @Test
    void fiveThousandSubscribersThatLoseEventsAgainAndAgain() {
        it.settings.maxBacklog = 1;
        it.settings.strategy = BacklogStrategy.DROPLEFT;
        try (LogCapture log = new LogCapture()) {
            ChannelsPlugin plugin = it.started(new MemoryBackend(0));
            for (int i = 0; i < 5_000; i++) {
                plugin.startSubscription(List.of("a"), Start.now(), new QuickSender());
            }
            int bursts = 0;
            while (plugin.statistics().dropped() < 20_000) {
                NodeFixture.publish(plugin, "a", "1", "2", "3", "4");
                bursts++;
            }
            assertThat(bursts).isPositive();
            await().atMost(Threads.PATIENCE).until(() -> !log.messages("CHANNELS0015").isEmpty());
            assertThat(log.messages("CHANNELS0015")).hasSizeLessThanOrEqualTo(HANDFUL);
        }
    }

    @Test
    void callbacksThatThrowAtEverySecondEvent() {
        AtomicInteger seen = new AtomicInteger();
        try (LogCapture log = new LogCapture()) {
            ChannelsPlugin plugin = it.started(new MemoryBackend(0));
            for (int i = 0; i < 10; i++) {
                plugin.subscribe("a")
                        .runInBackground(
                                (ChannelEvent event) -> {
                                    seen.incrementAndGet();
                                    if (event.position().offset() % 2 == 0) {
                                        throw new IllegalStateException("every second");
                                    }
                                });
            }
            for (int i = 0; i < 1_000; i++) {
                plugin.publish("x", "a");
            }
            await().atMost(Threads.PATIENCE).untilAtomic(seen, org.hamcrest.Matchers.is(10_000));
            await().atMost(Threads.PATIENCE).until(() -> plugin.statistics().skipped() == 5_000);
            await().atMost(Threads.PATIENCE).until(() -> !log.messages("CHANNELS0016").isEmpty());
            assertThat(log.messages("CHANNELS0016")).hasSizeLessThanOrEqualTo(HANDFUL);
        }
    }

    @Test
    void gapsOfTenThousandChannelsAreOneLineAndOneWithTheCount() {
        AtomicLong clock = new AtomicLong();
        ManualScheduler looks = new ManualScheduler();
        NodeLog nodeLog = TestLogs.direct(looks, clock::get);
        Registry registry =
                new Registry(
                        new ScriptedBackend().willing(),
                        new Counters(),
                        nodeLog,
                        new Retries(Runnable::run, looks, nodeLog),
                        new Presence(
                                new ScriptedBackend().willing(),
                                PresenceSettings.NONE,
                                Runnable::run,
                                looks,
                                nodeLog),
                        true,
                        null);
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 10_000; i++) {
                registry.gap("channel " + i);
            }
            clock.addAndGet(Episode.QUIET_NANOS);
            assertThat(looks.runNext()).isTrue();
            assertThat(log.messages("CHANNELS0014"))
                    .hasSize(2)
                    .last()
                    .isEqualTo("CHANNELS0014: … 9,999 more until now");
        }
        looks.shutdownNow();
    }
}
