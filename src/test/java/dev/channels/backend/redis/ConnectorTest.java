package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.contract.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ConnectorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** An address without a host: no client can be made of it. */
    private final Connector connector =
            new PubSubTraffic(
                            new RedisSettings(
                                    new RedisAddress(false, List.of()),
                                    "p",
                                    SECOND,
                                    SECOND,
                                    SECOND,
                                    SECOND),
                            new RecordingSink())
                    .connector();

    private static void awaitFailure(CompletionStage<?> stage, Class<?> type) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(type);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("channels-"))
                .count();
    }

    @Test
    void stopEndsTheThreadsAlsoWhereNoClientCouldBeMade() {
        long before = threads();
        awaitFailure(connector.start(), IndexOutOfBoundsException.class);
        assertThat(threads()).isGreaterThan(before);
        assertThat(connector.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        Awaitility.await().until(() -> threads() <= before);
    }

    @Test
    void whatThrowsOnTheLoopFailsItsStage() {
        awaitFailure(connector.start(), IndexOutOfBoundsException.class);
        CompletionStage<Void> called =
                connector.call(
                        (CompletableFuture<Void> done) -> {
                            throw new IllegalArgumentException();
                        });
        awaitFailure(called, IllegalArgumentException.class);
        assertThat(connector.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }
}
