package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LinkStateTest {

    private long now;
    private final LinkState state = new LinkState(Duration.ofNanos(100), () -> now);

    private static Link link() {
        return new Link(
                unused(RedisClusterAsyncCommands.class),
                unused(StatefulRedisConnection.class),
                unused(StatefulRedisPubSubConnection.class),
                CompletableFuture::new,
                CompletableFuture::new,
                List.of(),
                List.of());
    }

    @SuppressWarnings("unchecked")
    private static <T> T unused(Class<?> type) {
        return (T)
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            throw new AssertionError(method.getName() + " is called");
                        });
    }

    private Link connect() {
        Link link = link();
        assertThat(state.opened(state.open(), link)).isTrue();
        assertThat(state.restored(link)).isTrue();
        return link;
    }

    @Test
    void isConnectedOnceItsLinkIsRestored() {
        Link link = link();
        int attempt = state.open();
        assertThat(state.connected()).isNull();
        assertThat(state.opened(attempt, link)).isTrue();
        assertThat(state.connected()).isNull();
        assertThat(state.restored(link)).isTrue();
        assertThat(state.connected()).isSameAs(link);
        assertThat(state.restored(link)).isFalse();
    }

    @Test
    void makesOneAttemptAtATime() {
        assertThat(state.open()).isEqualTo(1);
        assertThat(state.open()).isZero();
        assertThat(state.failed(1)).isTrue();
        assertThat(state.open()).isEqualTo(2);
    }

    @Test
    void aLinkThatComesAfterItsAttemptIsNotWanted() {
        int first = state.open();
        assertThat(state.failed(first)).isTrue();
        assertThat(state.opened(first, link())).isFalse();
        int second = state.open();
        assertThat(state.opened(first, link())).isFalse();
        assertThat(state.failed(first)).isFalse();
        assertThat(state.opened(second, link())).isTrue();
        assertThat(state.failed(second)).isFalse();
    }

    @Test
    void losesALinkOnce() {
        Link link = connect();
        LinkState.Lost lost = state.lose(link);
        assertThat(lost).isEqualTo(new LinkState.Lost(link, true, false));
        assertThat(state.lose(link)).isNull();
        assertThat(state.connected()).isNull();
        Link next = connect();
        assertThat(state.lose(link)).isNull();
        assertThat(state.connected()).isSameAs(next);
    }

    @Test
    void aLinkLostInItsRestorationWasNotConnected() {
        Link link = link();
        state.opened(state.open(), link);
        assertThat(state.lose(link)).isEqualTo(new LinkState.Lost(link, false, false));
        assertThat(state.restored(link)).isFalse();
    }

    @Test
    void aLinkThatHeldIsStable() {
        Link link = connect();
        now = 101;
        assertThat(state.lose(link)).isEqualTo(new LinkState.Lost(link, true, true));
    }

    @Test
    void nothingBeginsAfterAStop() {
        Link link = connect();
        assertThat(state.stop().link()).isSameAs(link);
        assertThat(state.open()).isZero();
        assertThat(state.stop().link()).isNull();
    }

    @Test
    void aStopEndsTheAttemptUnderWay() {
        int attempt = state.open();
        state.stop();
        assertThat(state.opened(attempt, link())).isFalse();
        assertThat(state.failed(attempt)).isFalse();
    }
}
