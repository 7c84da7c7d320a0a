package dev.channels.backend.redis.connection;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Tells whether a node of a cluster is on the side of the majority. A node that is not takes
 * messages, and hands them on to nobody.
 *
 * @see <a href="https://redis.io/docs/latest/commands/cluster-nodes/">CLUSTER NODES</a>
 */
final class ClusterHealth {

    private ClusterHealth() {}

    /** Completes if the node sees the greater part of the masters; fails otherwise. */
    static CompletionStage<Void> check(StatefulRedisConnection<String, byte[]> node) {
        return node.async()
                .clusterNodes()
                .thenAccept(
                        nodes -> {
                            if (!seesMajority(nodes)) {
                                throw new CompletionException(
                                        new IOException(
                                                "the node is cut off from the cluster's majority"));
                            }
                        });
    }

    /** Reads what CLUSTER NODES answers. */
    static boolean seesMajority(String clusterNodes) {
        List<RedisClusterNode> masters =
                ClusterPartitionParser.parse(clusterNodes).getPartitions().stream()
                        .filter(node -> node.getRole().isUpstream() && !node.getSlots().isEmpty())
                        .toList();
        long seen =
                masters.stream()
                        .filter(node -> isInUse(node) && !node.is(NodeFlag.EVENTUAL_FAIL))
                        .count();
        return 2 * seen > masters.size();
    }

    /** Whether the cluster takes a node for one that works. */
    static boolean isInUse(RedisClusterNode node) {
        return !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR);
    }
}
