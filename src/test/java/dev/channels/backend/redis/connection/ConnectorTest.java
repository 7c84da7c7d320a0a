package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.contract.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ConnectorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Connector connector(RedisAddress address) {
        return new Connector(
                new RedisSettings(address, "p", SECOND, SECOND, SECOND, SECOND),
                new RecordingSink(),
                new IdleUser());
    }

    /** No client can be made of an address without a host. */
    private static Connector withoutHost() {
        return connector(new RedisAddress(false, List.of()));
    }

    private static void awaitFailure(CompletionStage<?> stage, Class<?> type) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(type);
    }

    private static void stop(Connector connector) {
        assertThat(connector.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("channels-"))
                .count();
    }

    @Test
    void stopEndsTheThreadsAlsoWhereNoClientCouldBeMade() {
        long before = threads();
        Connector connector = withoutHost();
        awaitFailure(connector.start(), IndexOutOfBoundsException.class);
        assertThat(threads()).isGreaterThan(before);
        stop(connector);
        Awaitility.await().until(() -> threads() <= before);
    }

    @Test
    void aStopRightAfterTheStartEndsTheThreads() {
        long before = threads();
        RedisAddress address = RedisAddress.parse("redis://127.0.0.1:1", SECOND);
        assertThat(address).isNotNull();
        Connector connector = connector(address);
        CompletionStage<Void> started = connector.start();
        stop(connector);
        awaitFailure(started, BrokerUnavailableException.class);
        Awaitility.await().until(() -> threads() <= before);
    }

    @Test
    void whatThrowsOnTheLoopFailsItsStage() {
        Connector connector = withoutHost();
        awaitFailure(connector.start(), IndexOutOfBoundsException.class);
        CompletionStage<Void> called =
                connector
                        .loop()
                        .call(
                                (CompletableFuture<Void> done) -> {
                                    throw new IllegalArgumentException();
                                });
        awaitFailure(called, IllegalArgumentException.class);
        stop(connector);
    }

    private static final class IdleUser implements LinkUser {

        @Override
        public CompletionStage<Void> restore(Link link) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void probe(Link link) {}

        @Override
        public void lost(Throwable cause) {}

        @Override
        public void stopped(Throwable cause) {}

        @Override
        public void message(String channel, byte[] message) {}

        @Override
        public void subscribed(String channel, long count) {}

        @Override
        public void unsubscribed(String channel, long count) {}
    }
}
