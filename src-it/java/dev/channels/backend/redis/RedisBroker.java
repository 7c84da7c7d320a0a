package dev.channels.backend.redis;

import dev.channels.demo.FreePorts;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.core.RedisServerBuilder;

/**
 * A Redis of a test's own, on a free port, that keeps its data over a restart. Killed hard, as by a
 * crash, whenever it ends. {@code -Dredis.server} names the executable of another Redis, or of
 * Valkey, than the one that comes with the tests.
 */
public final class RedisBroker implements AutoCloseable {

    /** Another Redis than that of the tests, for all that name none themselves. */
    private static final Optional<Path> OTHER = named("redis.server");

    /** How far the port that members of a cluster use among them is above their own. */
    private static final int TO_CLUSTER_BUS = 10_000;

    private final int port = freePort();
    private final int clientPort;
    private final Optional<Path> executable;
    private final List<String> settings;
    private final Path directory;
    private RedisServer server;

    /** Starts one, with lines of its configuration file beyond the usual. */
    public RedisBroker(String... settings) {
        this(OTHER, null, settings);
    }

    /** Starts an executable of this machine. */
    RedisBroker(Path executable) {
        this(Optional.of(executable), null);
    }

    /** Starts one that speaks TLS with its clients and with others, where it has a certificate. */
    RedisBroker(@Nullable TestCertificate certificate, String... settings) {
        this(OTHER, certificate, settings);
    }

    private RedisBroker(
            Optional<Path> executable, @Nullable TestCertificate certificate, String... settings) {
        this.executable = executable;
        clientPort = certificate == null ? port : freePort();
        this.settings = new ArrayList<>(List.of(settings));
        if (certificate != null) {
            this.settings.addAll(certificate.redisSettings(clientPort));
        }
        try {
            directory = Files.createTempDirectory("redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Finds a port for a Redis, which as a member of a cluster takes the second one, too. */
    static int freePort() {
        return FreePorts.anyWith(TO_CLUSTER_BUS);
    }

    public int port() {
        return port;
    }

    /**
     * Returns the port for clients, which with a certificate is another one than that of a test.
     */
    int clientPort() {
        return clientPort;
    }

    /** Starts it again, with the data that it had. */
    public void start() {
        // the port of one that was killed may be taken until the kernel has cleared it up
        TestNode.awaitUntil(() -> FreePorts.isFree(port));
        try {
            RedisServerBuilder builder =
                    RedisServer.newRedisServer()
                            .port(port)
                            .bind("127.0.0.1")
                            .setting("dir " + directory)
                            .setting("appendonly yes")
                            // with everysec a write may still wait when the process is killed
                            .setting("appendfsync always")
                            .setting("save \"\"")
                            .onShutdownForceStop(true);
            settings.forEach(builder::setting);
            executable.map(RedisBroker::provider).ifPresent(builder::executableProvider);
            server = builder.build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the Redis to use, where it is another one than that of the tests. */
    static Optional<ExecutableProvider> executable() {
        return OTHER.map(RedisBroker::provider);
    }

    private static ExecutableProvider provider(Path executable) {
        return executable::toFile;
    }

    private static Optional<Path> named(String property) {
        return Optional.of(System.getProperty(property, ""))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /**
     * Finds an executable of this machine: the one that a property names, or one on the path.
     *
     * @param name as {@code valkey-server}; the property is {@code valkey.server}
     */
    static Optional<Path> installed(String name) {
        return named(name.replace('-', '.'))
                .or(
                        () ->
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(folder -> Path.of(folder, name))
                                        .filter(Files::isExecutable)
                                        .findFirst());
    }

    boolean isActive() {
        return server.isActive();
    }

    /** Ends it as a crash would. */
    public void kill() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MapSettings settings() {
        return new MapSettings().with("uri", "redis://127.0.0.1:" + port);
    }

    RedisStreamsBackend streams(MapSettings settings) {
        return (RedisStreamsBackend) settings.create(new RedisStreamsBackendFactory());
    }

    /** Returns the name and the version that it tells. */
    String product() {
        Map<String, String> facts =
                admin(redis -> redis.info("server"))
                        .lines()
                        .map(line -> line.split(":", 2))
                        .filter(fact -> fact.length == 2)
                        .collect(Collectors.toMap(fact -> fact[0], fact -> fact[1].strip()));
        String valkey = facts.get("valkey_version");
        return valkey != null ? "Valkey " + valkey : "Redis " + facts.get("redis_version");
    }

    /** Closes every connection there is. Returns how many there were. */
    long killClients() {
        return admin(redis -> redis.clientKill(KillArgs.Builder.skipme()));
    }

    /** Has an administrator do something. */
    <T> T admin(Function<RedisCommands<String, String>, T> work) {
        return admin(RedisURI.create("127.0.0.1", port), work);
    }

    <T> T admin(String password, Function<RedisCommands<String, String>, T> work) {
        return admin(
                RedisURI.builder()
                        .withHost("127.0.0.1")
                        .withPort(port)
                        .withPassword(password.toCharArray())
                        .build(),
                work);
    }

    private static <T> T admin(RedisURI uri, Function<RedisCommands<String, String>, T> work) {
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return work.apply(connection.sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
