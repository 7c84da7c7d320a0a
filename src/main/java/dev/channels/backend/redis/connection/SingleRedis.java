package dev.channels.backend.redis.connection;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Opens links to a single Redis, or to the master that Sentinel names: it is asked anew for each
 * link.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">Sentinel clients
 *     spec</a>
 */
final class SingleRedis implements LinkOpener {

    private final RedisClient client;
    private final RedisURI uri;

    SingleRedis(ClientResources resources, RedisURI uri) {
        this.uri = uri;
        client = RedisClient.create(resources);
        client.setOptions(
                ClientOptions.builder()
                        // Messages cost less than as pushes of RESP 3.
                        .protocolVersion(ProtocolVersion.RESP2)
                        .autoReconnect(false)
                        .socketOptions(socketOptions(uri.getTimeout()))
                        .timeoutOptions(noTimeouts())
                        .build());
    }

    static SocketOptions socketOptions(Duration connectTimeout) {
        return SocketOptions.builder().connectTimeout(connectTimeout).keepAlive(true).build();
    }

    /**
     * The connector watches over every answer. A timer of the client's for each command would hold
     * commands of our own, with their payloads, until it expires, long after their answers.
     */
    static TimeoutOptions noTimeouts() {
        return TimeoutOptions.builder().timeoutCommands(false).build();
    }

    @Override
    public CompletionStage<Link> open() {
        return LinkOpener.both(
                client.connectAsync(CODEC, uri),
                client.connectPubSubAsync(CODEC, uri),
                (node, subscriber) ->
                        new Link(
                                node.async(),
                                node,
                                subscriber,
                                () -> CompletableFuture.completedFuture(List.of(node)),
                                () -> CompletableFuture.completedFuture(null),
                                List.of(node),
                                List.of(node, subscriber)));
    }

    @Override
    public CompletionStage<Void> shutdown() {
        return client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
