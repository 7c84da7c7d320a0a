package dev.channels.backend.postgresql;

import static org.awaitility.Awaitility.await;

import dev.channels.demo.FreePorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PgBouncer of a test's own, where one is installed or {@code -Dpgbouncer} names one. */
final class PgBouncer implements AutoCloseable {

    private static final String CONFIGURATION =
            """
            [databases]
            postgres = host=127.0.0.1 port=%d user=postgres

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = any
            pool_mode = %s
            default_pool_size = 50
            ignore_startup_parameters = extra_float_digits
            server_login_retry = 0.2
            server_check_delay = 0
            """;

    private final int port = FreePorts.any();
    private final Path directory;
    private final Process process;

    /**
     * Starts one.
     *
     * @param server the port of the PostgreSQL behind it
     * @param mode {@code session} or {@code transaction}
     */
    PgBouncer(Path executable, int server, String mode) throws IOException {
        directory = Files.createTempDirectory("pgbouncer");
        Path configuration = directory.resolve("pgbouncer.ini");
        Files.writeString(configuration, CONFIGURATION.formatted(server, port, mode));
        process =
                new ProcessBuilder(command(executable, configuration))
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile())
                        .start();
        await("PgBouncer").atMost(Duration.ofSeconds(30)).until(this::isListening);
    }

    /** As root it does not run; in a name space of its own nobody is root. */
    private static List<String> command(Path executable, Path configuration) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(executable.toString(), configuration.toString()));
        return command;
    }

    private Path log() {
        return directory.resolve("pgbouncer.log");
    }

    private boolean isListening() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("PgBouncer ended: " + Files.readString(log()));
        }
        return !FreePorts.isFree(port);
    }

    int port() {
        return port;
    }

    /** Finds the one of this machine. */
    static Optional<Path> installed() {
        String named = System.getProperty("pgbouncer", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        Files.deleteIfExists(log());
        Files.deleteIfExists(directory.resolve("pgbouncer.ini"));
        Files.delete(directory);
    }
}
