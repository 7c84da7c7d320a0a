package dev.channels.backend.redis.connection;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Opens links to a Redis Cluster. Each link begins with the topology as it is then.
 *
 * <p>A message of Pub/Sub reaches the subscribers at every node, whatever node it was published at;
 * so one connection takes all subscriptions.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis
 *     Cluster specification</a>
 */
final class ClusterRedis implements LinkOpener {

    private final RedisClusterClient client;

    ClusterRedis(ClientResources resources, List<RedisURI> seeds) {
        client = RedisClusterClient.create(resources, seeds);
        client.setOptions(
                ClusterClientOptions.builder()
                        // Messages cost less than as pushes of RESP 3.
                        .protocolVersion(ProtocolVersion.RESP2)
                        .autoReconnect(false)
                        .socketOptions(SingleRedis.socketOptions(seeds.get(0).getTimeout()))
                        .timeoutOptions(SingleRedis.noTimeouts())
                        .validateClusterNodeMembership(false)
                        // What the cluster takes for failed may be there, and alone.
                        .nodeFilter(ClusterHealth::isInUse)
                        .build());
    }

    @Override
    public CompletionStage<Link> open() {
        return client.refreshPartitionsAsync()
                .thenCompose(
                        refreshed ->
                                LinkOpener.both(
                                        client.connectAsync(CODEC),
                                        client.connectPubSubAsync(CODEC),
                                        Connections::new))
                .thenCompose(ClusterRedis::withNode);
    }

    @Override
    public CompletionStage<Void> shutdown() {
        return client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }

    private static CompletionStage<Link> withNode(Connections connections) {
        CompletionStage<Link> link =
                connections
                        .twoMasters()
                        .thenApply(
                                testers ->
                                        new Link(
                                                connections.cluster.async(),
                                                testers.get(0),
                                                connections.subscriber,
                                                connections::masters,
                                                () -> ClusterHealth.check(testers.get(0)),
                                                testers,
                                                connections.all()));
        return link.whenComplete(
                (opened, failure) -> {
                    if (failure != null) {
                        Link.close(connections.all());
                    }
                });
    }

    /** The two connections that Lettuce makes up from one to each node. */
    private record Connections(
            StatefulRedisClusterConnection<String, byte[]> cluster,
            StatefulRedisClusterPubSubConnection<String, byte[]> subscriber) {

        List<StatefulConnection<String, byte[]>> all() {
            return List.of(cluster, subscriber);
        }

        /** Connects to two masters, chosen at random; to one, if there are no more. */
        CompletionStage<List<StatefulRedisConnection<String, byte[]>>> twoMasters() {
            List<RedisClusterNode> nodes = new ArrayList<>(masterNodes());
            if (nodes.isEmpty()) {
                return CompletableFuture.failedFuture(new IOException("the cluster has no master"));
            }
            Collections.shuffle(nodes);
            return connections(nodes.subList(0, Math.min(2, nodes.size())));
        }

        CompletionStage<List<StatefulRedisConnection<String, byte[]>>> masters() {
            return connections(masterNodes());
        }

        private CompletionStage<List<StatefulRedisConnection<String, byte[]>>> connections(
                List<RedisClusterNode> nodes) {
            List<CompletableFuture<StatefulRedisConnection<String, byte[]>>> opening =
                    nodes.stream().map(this::connection).toList();
            return CompletableFuture.allOf(opening.toArray(CompletableFuture<?>[]::new))
                    .thenApply(opened -> opening.stream().map(CompletableFuture::join).toList());
        }

        private List<RedisClusterNode> masterNodes() {
            return cluster.getPartitions().stream()
                    .filter(node -> node.getRole().isUpstream() && !node.getSlots().isEmpty())
                    .toList();
        }

        private CompletableFuture<StatefulRedisConnection<String, byte[]>> connection(
                RedisClusterNode node) {
            return cluster.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort());
        }
    }
}
