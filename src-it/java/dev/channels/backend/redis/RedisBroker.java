package dev.channels.backend.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A Redis of a test's own, on a free port, that keeps its data over a restart. Killed hard, as by a
 * crash, whenever it ends. {@code -Dredis.server} names the executable of another Redis, or of
 * Valkey, than the one that comes with the tests.
 */
public final class RedisBroker implements AutoCloseable {

    private static final String EXECUTABLE = System.getProperty("redis.server", "");

    private final int port = freePort();
    private final List<String> settings;
    private final Path directory;
    private RedisServer server;

    /** Starts one, with lines of its configuration file beyond the usual. */
    public RedisBroker(String... settings) {
        this.settings = List.of(settings);
        try {
            directory = Files.createTempDirectory("redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Starts it again, with the data that it had. */
    public void start() {
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
            if (!EXECUTABLE.isEmpty()) {
                builder.executableProvider(() -> new File(EXECUTABLE));
            }
            server = builder.build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
