package dev.channels.backend.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.Publication;
import dev.channels.spi.contract.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MemoryBackendTest {

    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final PresentClient CLIENT = new PresentClient("1", "ann", null, null);

    private final AtomicLong sequence = new AtomicLong();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void refusesAHistoryOutOfRange() {
        assertThatThrownBy(() -> new MemoryBackend(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The history of a memory backend is 0 to 1000000 events per channel, not -1");
        assertThatThrownBy(() -> new MemoryBackend(1_000_001))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new MemoryBackend(1_000_000).history()).isPresent();
        assertThat(new MemoryBackend(0).history()).isEmpty();
    }

    @Test
    void deliversBeforePublishReturns() {
        MemoryBackend backend = started(0);
        backend.subscribe(Set.of("a"));
        publish(backend, "a", "1");
        assertThat(sink.events("a")).hasSize(1);
    }

    @Test
    void sharesOnePayloadAmongChannels() {
        MemoryBackend backend = started(1);
        byte[] payload = {1};
        backend.subscribe(Set.of("a", "b"));
        backend.publish(List.of(new Publication(1, payload, Set.of("a", "b"))));
        payload[0] = 2;
        assertThat(sink.events("a").get(0).data()).containsExactly(2);
        assertThat(sink.events("b").get(0).data()).containsExactly(2);
    }

    @Test
    void twoBackendsShareNothing() {
        MemoryBackend one = started(10);
        MemoryBackend two = started(10);
        two.subscribe(Set.of("a"));
        publish(one, "a", "1");
        assertThat(sink.events("a")).isEmpty();
        assertThat(last(two, "a")).isEmpty();
    }

    @Test
    void stoppingReleasesTheHistoryAndEndsTheEpoch() {
        MemoryBackend backend = started(10);
        publish(backend, "a", "1");
        Position before = last(backend, "a").get(0).position();
        assertThat(backend.stop().toCompletableFuture()).isCompleted();
        backend.start(sink);
        assertThat(last(backend, "a")).isEmpty();
        publish(backend, "a", "2");
        Position after = last(backend, "a").get(0).position();
        assertThat(after.isComparableTo(before)).isFalse();
        assertThat(join(backend.history().orElseThrow().after("a", before, -1)).gap()).isTrue();
    }

    @Test
    void refusesWorkUntilItIsStarted() {
        MemoryBackend backend = new MemoryBackend(1);
        var history = backend.history().orElseThrow();
        assertThat(
                        List.of(
                                backend.publish(List.of(publication("a", "1"))),
                                backend.subscribe(Set.of("a")),
                                backend.unsubscribe(Set.of("a")),
                                history.last("a", 1),
                                history.after("a", new Position("e", 1), 1)))
                .allSatisfy(
                        stage ->
                                assertThatThrownBy(() -> join(stage))
                                        .isInstanceOf(CompletionException.class)
                                        .cause()
                                        .isInstanceOfSatisfying(
                                                ChannelsException.class,
                                                e ->
                                                        assertThat(e.errorCode())
                                                                .isEqualTo(ErrorCode.NOT_RUNNING)));
    }

    /** Each of these calls the sink, which is busy with it when the backend is stopped. */
    private enum SinkCall {
        BATCH {
            @Override
            void make(MemoryBackend backend) {
                join(backend.publish(List.of(new Publication(9, new byte[1], Set.of("a")))));
            }
        },
        END_OF_A_HISTORY {
            @Override
            void make(MemoryBackend backend) {
                join(backend.history().orElseThrow().forget("a"));
            }
        },
        CHANGE_OF_PRESENCE {
            @Override
            void make(MemoryBackend backend) {
                PresenceChange change = new PresenceChange("a", CLIENT, true);
                join(presence(backend).change(List.of(change), LIFETIME));
            }
        },
        REPLACED_PRESENCE {
            @Override
            void make(MemoryBackend backend) {
                join(presence(backend).replace(Map.of("a", List.of(CLIENT)), LIFETIME));
            }
        };

        abstract void make(MemoryBackend backend);
    }

    private static ChannelPresence presence(MemoryBackend backend) {
        return backend.presence().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void stoppingWaitsForWhatCallsTheSinkWithoutBlocking(SinkCall call) {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        MemoryBackend backend = new MemoryBackend(1);
        backend.start(
                new Sink() {
                    @Override
                    public void deliver(ChannelEvent event) {
                        if (event.position().offset() == 2) {
                            busy();
                        }
                    }

                    @Override
                    public void gap(String channel) {
                        busy();
                    }

                    @Override
                    public void presenceChanged(PresenceChange change) {
                        busy();
                    }

                    private void busy() {
                        entered.countDown();
                        await(released);
                    }
                });
        backend.subscribe(Set.of("a"));
        publish(backend, "a", "1");
        var calling = CompletableFuture.runAsync(() -> call.make(backend));
        await(entered);
        var stopped = backend.stop().toCompletableFuture();
        assertThat(stopped).isNotDone();
        released.countDown();
        join(calling);
        // The calling thread has ended the stop as well.
        assertThat(stopped).isCompleted();
    }

    @Test
    void aSinkThatThrowsFailsTheStageAndNothingElse() {
        MemoryBackend backend = new MemoryBackend(1);
        IllegalStateException broken = new IllegalStateException("broken");
        backend.start(
                new Sink() {
                    @Override
                    public void deliver(ChannelEvent event) {
                        throw broken;
                    }
                });
        backend.subscribe(Set.of("a"));
        var stage = backend.publish(List.of(publication("a", "1")));
        assertThatThrownBy(() -> join(stage)).hasCause(broken);
        assertThat(last(backend, "a")).hasSize(1);
        assertThat(backend.stop().toCompletableFuture()).isCompleted();
    }

    private MemoryBackend started(int history) {
        MemoryBackend backend = new MemoryBackend(history);
        join(backend.start(sink));
        return backend;
    }

    private void publish(MemoryBackend backend, String channel, String text) {
        join(backend.publish(List.of(publication(channel, text))));
    }

    private Publication publication(String channel, String text) {
        return new Publication(sequence.incrementAndGet(), text.getBytes(UTF_8), Set.of(channel));
    }

    private static List<ChannelEvent> last(MemoryBackend backend, String channel) {
        return join(backend.history().orElseThrow().last(channel, -1)).events();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private abstract static class Sink implements BackendSink {
        @Override
        public void gap(String channel) {}

        @Override
        public void disconnected(@Nullable Throwable cause) {}

        @Override
        public void connected() {}
    }
}
