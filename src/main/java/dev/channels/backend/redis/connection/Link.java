package dev.channels.backend.redis.connection;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateAdapter;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One life of the connections to Redis: none of them reconnects by itself. When one is lost, all
 * are closed, and the next link is opened.
 */
public final class Link {

    private final RedisClusterAsyncCommands<String, byte[]> keyed;
    private final StatefulRedisConnection<String, byte[]> node;
    private final StatefulRedisPubSubConnection<String, byte[]> subscriber;
    private final Supplier<CompletionStage<List<StatefulRedisConnection<String, byte[]>>>> masters;
    private final Supplier<CompletionStage<Void>> health;
    private final List<StatefulRedisConnection<String, byte[]>> testers;
    private final List<StatefulConnection<String, byte[]>> all;

    /**
     * Makes a link of open connections.
     *
     * @param keyed see {@link #keyed()}
     * @param node see {@link #node()}
     * @param subscriber see {@link #subscriber()}
     * @param masters see {@link #masters()}
     * @param health see {@link #health()}
     * @param testers see {@link #testers()}
     * @param all what to close
     */
    Link(
            RedisClusterAsyncCommands<String, byte[]> keyed,
            StatefulRedisConnection<String, byte[]> node,
            StatefulRedisPubSubConnection<String, byte[]> subscriber,
            Supplier<CompletionStage<List<StatefulRedisConnection<String, byte[]>>>> masters,
            Supplier<CompletionStage<Void>> health,
            List<StatefulRedisConnection<String, byte[]>> testers,
            List<StatefulConnection<String, byte[]>> all) {
        this.keyed = keyed;
        this.node = node;
        this.subscriber = subscriber;
        this.masters = masters;
        this.health = health;
        this.testers = testers;
        this.all = all;
    }

    /** Sends a command to the node that has its keys. */
    public RedisClusterAsyncCommands<String, byte[]> keyed() {
        return keyed;
    }

    /** One node, the same for the life of the link: what is sent to it keeps its order. */
    public StatefulRedisConnection<String, byte[]> node() {
        return node;
    }

    /** Takes the subscriptions. */
    public StatefulRedisPubSubConnection<String, byte[]> subscriber() {
        return subscriber;
    }

    /** Opens a connection to every node that has keys of its own; closed with the link. */
    public CompletionStage<List<StatefulRedisConnection<String, byte[]>>> masters() {
        return masters.get();
    }

    /** Asks the node whether it is one to talk to; fails with an {@link IOException} if not. */
    public CompletionStage<Void> health() {
        return health.get();
    }

    /**
     * Connections over which messages must be published that have to arrive at the subscriber: more
     * than one node, if there are, so that at least one is not the subscriber's own.
     */
    public List<StatefulRedisConnection<String, byte[]>> testers() {
        return testers;
    }

    /** Calls back, on any thread, once or more when a connection is lost. */
    void onLost(Runnable callback) {
        for (StatefulConnection<String, byte[]> connection : List.of(node, subscriber)) {
            connection.addListener(
                    new RedisConnectionStateAdapter() {
                        @Override
                        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                            callback.run();
                        }
                    });
            if (!connection.isOpen()) {
                callback.run();
            }
        }
    }

    CompletionStage<Void> close() {
        return close(all);
    }

    static CompletionStage<Void> close(List<StatefulConnection<String, byte[]>> connections) {
        return CompletableFuture.allOf(
                connections.stream()
                        .map(StatefulConnection::closeAsync)
                        .toArray(CompletableFuture<?>[]::new));
    }
}
