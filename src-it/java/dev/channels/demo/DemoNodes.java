package dev.channels.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** The demo on two servers that share a Redis. */
final class DemoNodes implements AutoCloseable {

    private final RedisServer redis;
    private ServerProcess first;
    private ServerProcess second;

    /**
     * Starts all three.
     *
     * @param server where the demo runs
     * @param home where that is installed
     * @param base the directory for what they write; what is there is deleted
     * @param library the library's JAR, or the folder of its classes
     * @param port the port of the first one
     * @param otherPort that of the second one
     * @param log gets what the servers write to their consoles
     */
    DemoNodes(
            Server server,
            Path home,
            Path base,
            Path library,
            int port,
            int otherPort,
            PrintStream log)
            throws IOException {
        int broker = FreePorts.any();
        redis =
                RedisServer.newRedisServer()
                        .port(broker)
                        .bind("127.0.0.1")
                        .setting("save \"\"")
                        .onShutdownForceStop(true)
                        .build();
        redis.start();
        try {
            first =
                    DemoServer.start(
                            server,
                            home,
                            base.resolve("node-1"),
                            port,
                            DemoArchive.node(library, "1", DemoServer.page(otherPort), broker),
                            log);
            second =
                    DemoServer.start(
                            server,
                            home,
                            base.resolve("node-2"),
                            otherPort,
                            DemoArchive.node(library, "2", DemoServer.page(port), broker),
                            log);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    ServerProcess first() {
        return first;
    }

    ServerProcess second() {
        return second;
    }

    /** Stops them, and at last what they share. */
    @Override
    public void close() throws IOException {
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
        redis.stop();
    }
}
