package dev.channels.backend.redis;

import static dev.channels.backend.redis.TestNode.awaitUntil;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/** A master with a replica, watched over by one Sentinel. */
final class RedisSentinels implements AutoCloseable {

    private static final String NAME = "boss";

    private final RedisBroker master;
    private final RedisBroker replica;
    private final RedisSentinel sentinel;
    private final int port;

    /** Starts them; all speak TLS where there is a certificate. */
    RedisSentinels(@Nullable TestCertificate certificate) {
        master = new RedisBroker(certificate);
        replica = new RedisBroker(certificate, "replicaof 127.0.0.1 " + master.clientPort());
        // What Sentinel asks the master at first it asks again after ten seconds only.
        awaitUntil(() -> master.admin(redis -> redis.info("replication")).contains("state=online"));
        int plain = RedisBroker.freePort();
        port = certificate == null ? plain : RedisBroker.freePort();
        RedisSentinelBuilder builder =
                RedisSentinel.newRedisSentinel()
                        .port(plain)
                        .masterName(NAME)
                        .masterPort(master.clientPort())
                        .quorumSize(1)
                        .downAfterMilliseconds(1000L)
                        .failOverTimeout(5000L)
                        .onShutdownForceStop(true);
        if (certificate != null) {
            certificate.redisSettings(port).stream()
                    .filter(line -> !line.startsWith("tls-cluster"))
                    .forEach(builder::setting);
            // It does so by itself only where nothing else is set.
            builder.addDefaultReplicationGroup();
        }
        sentinel = builder.build();
        try {
            sentinel.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitUntil(() -> replicas(plain).equals(List.of("ok")));
    }

    /** Returns how the replicas that Sentinel knows are linked to their master. */
    private static List<String> replicas(int port) {
        RedisClient client = RedisClient.create();
        try (var connection = client.connectSentinel(RedisURI.create("127.0.0.1", port))) {
            return connection.sync().replicas(NAME).stream()
                    .map(replica -> replica.get("master-link-status"))
                    .toList();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    RedisBroker master() {
        return master;
    }

    /** Returns where Sentinel is. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Returns the part of an address behind the Sentinels: database and master. */
    static String path() {
        return "/0#" + NAME;
    }

    @Override
    public void close() {
        try {
            sentinel.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            replica.close();
            master.close();
        }
    }
}
