package dev.channels.backend.redis;

import dev.channels.ChannelEvent;
import dev.channels.backend.redis.connection.RedisSettings;
import dev.channels.backend.redis.streams.StreamHistory;
import dev.channels.backend.redis.streams.StreamRun;
import dev.channels.backend.redis.streams.StreamSettings;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.LeasesOfRun;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of each channel in a stream of its own: at least once within retention, in
 * order, with history.
 *
 * <p>A completed publish stage means that Redis has appended the events to their streams; a batch
 * that is repeated is appended once. What a crash of Redis can take from them is a matter of its
 * persistence ({@code appendonly}, {@code appendfsync}) and replication.
 *
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/">Redis streams</a>
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/">Redis
 *     persistence</a>
 */
public final class RedisStreamsBackend extends RedisBackend<StreamRun> {

    private final StreamSettings settings;
    private final Executor executor;
    private final Optional<ChannelHistory> history = Optional.of(new StreamHistory(this::running));
    private final Optional<ChannelLeases> leases =
            Optional.of(new LeasesOfRun(() -> running().leases()));

    private RedisStreamsBackend(StreamSettings settings, Executor executor) {
        this.settings = settings;
        this.executor = executor;
    }

    static RedisStreamsBackend create(BackendContext context) {
        return new RedisStreamsBackend(
                StreamSettings.read(context.settings(), context.policies()), context.executor());
    }

    @Override
    StreamRun run(BackendSink sink) {
        return new StreamRun(settings, sink, executor);
    }

    @Override
    public Optional<ChannelHistory> history() {
        return history;
    }

    @Override
    public Optional<ChannelLeases> leases() {
        return leases;
    }

    /**
     * Deletes the streams of all channels of a prefix, on every node of a Redis Cluster too, over a
     * connection of its own. To a subscriber that is a gap with the next event.
     *
     * <p>Not blocking; needs no running plugin. What is published meanwhile may or may not be
     * deleted. The stage completes on a thread of the Redis client: do not block it.
     *
     * @param uri where Redis is, as in {@code channels.redis-streams.uri}
     * @param keyPrefix the prefix, as in {@code channels.redis-streams.key-prefix}
     * @return completes with the number of streams deleted; exceptionally with a {@link
     *     dev.channels.spi.BrokerUnavailableException} if Redis is away, some streams being deleted
     *     then
     * @throws IllegalArgumentException if the URI is none
     */
    public static CompletionStage<Long> deleteStreams(String uri, String keyPrefix) {
        StreamRun run =
                new StreamRun(
                        StreamSettings.of(RedisSettings.of(uri, keyPrefix)),
                        new IgnoringSink(),
                        Runnable::run);
        CompletableFuture<Long> deleted = new CompletableFuture<>();
        run.connector()
                .start()
                .thenCompose(started -> run.deleteStreams())
                .whenComplete(
                        (count, failure) ->
                                run.connector()
                                        .stop()
                                        .whenComplete(
                                                (stopped, none) -> {
                                                    if (failure == null) {
                                                        deleted.complete(count);
                                                    } else {
                                                        deleted.completeExceptionally(
                                                                Causes.of(failure));
                                                    }
                                                }));
        return deleted;
    }

    /** Nothing is subscribed. */
    private static final class IgnoringSink implements BackendSink {

        @Override
        public void deliver(ChannelEvent event) {}

        @Override
        public void gap(String channel) {}

        @Override
        public void disconnected(@Nullable Throwable cause) {}

        @Override
        public void connected() {}
    }

    @Override
    public String toString() {
        return "redis-streams at " + settings.redis().address();
    }
}
