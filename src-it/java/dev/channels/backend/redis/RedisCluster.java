package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Redis Cluster of a test's own: masters that share the hash slots, and more members that begin
 * without any. What changes it does so as {@code redis-cli --cluster} would, step by step.
 */
final class RedisCluster implements AutoCloseable {

    static final int SLOTS = 16_384;

    private static final int MIGRATION_MILLIS = 5_000;

    private final List<RedisBroker> nodes = new ArrayList<>();

    /** Starts one whose members know each other. */
    RedisCluster(int masters, int others, Supplier<RedisBroker> member) {
        try {
            IntStream.range(0, masters + others).forEach(i -> nodes.add(member.get()));
            for (int i = 0; i < masters; i++) {
                int[] slots =
                        IntStream.range(i * SLOTS / masters, (i + 1) * SLOTS / masters).toArray();
                nodes.get(i).admin(redis -> redis.clusterAddSlots(slots));
            }
            for (RedisBroker node : nodes.subList(1, nodes.size())) {
                int port = nodes.get(0).clientPort();
                node.admin(redis -> redis.clusterMeet("127.0.0.1", port));
            }
            awaitUntil(() -> nodes.stream().allMatch(this::isSettled));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Returns a member as most tests want it, quick to be taken for failed. */
    static RedisBroker member() {
        return new RedisBroker(
                "cluster-enabled yes",
                "cluster-node-timeout 1000",
                "cluster-require-full-coverage no");
    }

    /** Returns all members, the masters of the beginning first. */
    List<RedisBroker> nodes() {
        return List.copyOf(nodes);
    }

    RedisBroker node(int index) {
        return nodes.get(index);
    }

    /** Returns the address of all members. */
    String uri() {
        return "redis-cluster://" + hosts();
    }

    /** Returns where all members are. */
    String hosts() {
        return nodes.stream()
                .map(node -> "127.0.0.1:" + node.clientPort())
                .collect(Collectors.joining(","));
    }

    /** Tells whether a member knows all others, and takes none of them for failing. */
    private boolean isSettled(RedisBroker node) {
        String info = node.admin(RedisCommands::clusterInfo);
        return info.contains("cluster_state:ok")
                && info.contains("cluster_slots_ok:" + SLOTS)
                && info.contains("cluster_known_nodes:" + nodes.size());
    }

    /** Waits until all members know each other, and none is taken for failing. */
    void awaitSettled() {
        awaitUntil(() -> nodes.stream().allMatch(this::isSettled));
    }

    /** Makes a member the replica of a master, and waits until it has what that has. */
    void replicate(RedisBroker replica, RedisBroker master) {
        String id = master.admin(RedisCommands::clusterMyId);
        replica.admin(redis -> redis.clusterReplicate(id));
        awaitUntil(
                () ->
                        replica.admin(redis -> redis.info("replication"))
                                .contains("master_link_status:up"));
    }

    /** Tells whether a member is a master with slots, as another one sees it. */
    boolean isMaster(RedisBroker member, RedisBroker seenBy) {
        String id = member.admin(RedisCommands::clusterMyId);
        return known(seenBy).stream()
                .anyMatch(
                        node ->
                                node.getNodeId().equals(id)
                                        && node.getRole().isUpstream()
                                        && !node.getSlots().isEmpty());
    }

    private static List<RedisClusterNode> known(RedisBroker by) {
        String answer = by.admin(RedisCommands::clusterNodes);
        return ClusterPartitionParser.parse(answer).getPartitions();
    }

    private static List<Integer> slots(RedisBroker of) {
        String id = of.admin(RedisCommands::clusterMyId);
        return known(of).stream()
                .filter(node -> node.getNodeId().equals(id))
                .flatMap(node -> node.getSlots().stream())
                .toList();
    }

    /**
     * Moves all slots of a master to another one.
     *
     * @param between is run for each slot with keys, when some of them have moved
     */
    void moveSlots(RedisBroker from, RedisBroker to, Runnable between) {
        List<Integer> slots = slots(from);
        String target = to.admin(RedisCommands::clusterMyId);
        from.admin(
                source ->
                        to.admin(
                                destination -> {
                                    String id = source.clusterMyId();
                                    for (int slot : slots) {
                                        destination.clusterSetSlotImporting(slot, id);
                                        source.clusterSetSlotMigrating(slot, target);
                                        moveKeys(slot, source, to.port(), between);
                                        destination.clusterSetSlotNode(slot, target);
                                        settle(slot, source, target);
                                    }
                                    return slots;
                                }));
        for (RedisBroker node : nodes) {
            if (node != from && node != to) {
                node.admin(
                        redis -> {
                            slots.forEach(slot -> redis.clusterSetSlotNode(slot, target));
                            return slots;
                        });
            }
        }
    }

    /** A master becomes a replica of who has its last slot, by itself and at once. */
    private static void settle(int slot, RedisCommands<String, String> source, String target) {
        try {
            source.clusterSetSlotNode(slot, target);
        } catch (RedisCommandExecutionException e) {
            if (!String.valueOf(e.getMessage()).contains("only with masters")) {
                throw e;
            }
        }
    }

    private static void moveKeys(
            int slot, RedisCommands<String, String> source, int to, Runnable between) {
        List<String> keys = source.clusterGetKeysInSlot(slot, 2);
        while (!keys.isEmpty()) {
            MigrateArgs<String> all = MigrateArgs.Builder.keys(keys);
            source.migrate("127.0.0.1", to, 0, MIGRATION_MILLIS, all);
            keys = source.clusterGetKeysInSlot(slot, 100);
            if (!keys.isEmpty()) {
                between.run();
            }
        }
    }

    /**
     * Takes a member without slots out of the cluster, as {@code redis-cli --cluster del-node}
     * does. It goes on for itself.
     */
    void remove(RedisBroker member) {
        String id = member.admin(RedisCommands::clusterMyId);
        nodes.stream()
                .filter(node -> node != member)
                .forEach(node -> node.admin(redis -> redis.clusterForget(id)));
        member.admin(redis -> redis.clusterReset(false));
    }

    @Override
    public void close() {
        nodes.forEach(RedisBroker::close);
    }
}
