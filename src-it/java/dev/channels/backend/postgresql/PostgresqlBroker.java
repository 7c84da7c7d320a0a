package dev.channels.backend.postgresql;

import static org.awaitility.Awaitility.await;

import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.demo.FreePorts;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** A PostgreSQL of a test's own, on a free port, that keeps its data over a restart. */
public final class PostgresqlBroker implements AutoCloseable {

    private static final ScheduledExecutorService SCHEDULER =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "scheduler-of-tests");
                        thread.setDaemon(true);
                        return thread;
                    });

    /** What comes with the tests, as a library. */
    private static final String NEWEST = "newest";

    /** The JARs with the binaries of the other versions. */
    private static final Path BINARIES =
            Path.of(System.getProperty("postgresql.binaries", "target/servers/postgresql"));

    private final int port = FreePorts.any();
    private final String version;
    private final Path directory;
    private EmbeddedPostgres server;

    /** Starts one: the newest version, or the one that {@code -Dpostgresql.server} names. */
    public PostgresqlBroker() {
        this(System.getProperty("postgresql.server", NEWEST));
    }

    /** Starts one of a version, as the build names the JAR with its binaries. */
    PostgresqlBroker(String version) {
        this(newDirectory(), version);
        start();
    }

    private PostgresqlBroker(Path directory, String version) {
        this.directory = directory;
        this.version = version;
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("postgresql");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that stands by for this one, which is restarted for it. */
    public PostgresqlBroker standby(int viaPort) throws Exception {
        PostgresqlBroker standby = new PostgresqlBroker(newDirectory(), version);
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.skip(1).toList()) {
                Path copy = standby.directory.resolve(directory.relativize(file));
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        start();
        Path data = standby.directory.resolve("data");
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=%d user=postgres'".formatted(viaPort));
        standby.start();
        return standby;
    }

    /** Starts it, again with the data that it had. */
    public void start() {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
            if (!version.equals(NEWEST)) {
                builder.setPgBinaryResolver((system, machine) -> binaries());
            }
            server =
                    builder.setPort(port)
                            .setDataDirectory(directory.resolve("data"))
                            .setCleanDataDirectory(false)
                            .setPGStartupWait(Duration.ofSeconds(60))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream binaries() throws IOException {
        try (ZipFile jar = new ZipFile(BINARIES.resolve(version + ".jar").toFile());
                InputStream binaries =
                        jar.getInputStream(jar.getEntry("postgres-linux-x86_64.txz"))) {
            return new ByteArrayInputStream(binaries.readAllBytes());
        }
    }

    /** Shuts it down; it breaks off what is under way. */
    public void stop() {
        try {
            server.close();
            server = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Halts the process that writes what asynchronous commits leave in memory, until a crash. */
    public void stopWritingInTheBackground() throws Exception {
        long pid = number("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
        Process kill = new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("The WAL writer could not be halted");
        }
    }

    /** Ends all its processes as a crash would; what they have not written is lost. */
    public void crash() throws Exception {
        String pid = Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        List<ProcessHandle> children = postmaster.children().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        await("the end of the server's processes")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                !postmaster.isAlive()
                                        && children.stream().noneMatch(ProcessHandle::isAlive));
        try {
            server.close();
        } catch (IOException e) {
            // There is nothing left to be shut down.
        }
        server = null;
    }

    /** Lets a role in with its password only; everybody else is trusted. */
    public void requirePassword(String role) throws Exception {
        Path file = directory.resolve("data/pg_hba.conf");
        String rules =
                "host all %1$s 127.0.0.1/32 scram-sha-256%nhost all %1$s ::1/128 scram-sha-256%n"
                        .formatted(role);
        Files.writeString(file, rules + Files.readString(file));
        execute("SELECT pg_reload_conf()");
        await().atMost(Duration.ofSeconds(10)).until(() -> isRefused(role));
    }

    private boolean isRefused(String role) {
        try (Connection connection = DriverManager.getConnection(url(), role, "no")) {
            return connection.isClosed();
        } catch (SQLException e) {
            return e.getSQLState().equals("28P01");
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return url(port);
    }

    public String url(int viaPort) {
        return "jdbc:postgresql://localhost:" + viaPort + "/postgres";
    }

    /** Returns what every node needs, by URL unless a data source is given; quick to clean up. */
    public Map<String, String> settings(String... more) {
        Map<String, String> values = new HashMap<>();
        values.put("url", url());
        values.put("user", "postgres");
        values.put("cleanup-interval", "1s");
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        if (values.containsKey("data-source")) {
            values.remove("url");
        }
        return values;
    }

    public ChannelsBackend backend(String... more) {
        return backend(settings(more));
    }

    public static ChannelsBackend backend(Map<String, String> settings) {
        return backend(settings, ChannelRules.none());
    }

    /** Makes a backend that keeps more or less of the channels of some policies. */
    static ChannelsBackend backend(
            Map<String, String> settings, ChannelRules<BackendSettings> policies) {
        Problems problems = new Problems();
        ChannelsBackend backend =
                new PostgresqlBackendFactory().create(context(settings, policies, problems));
        problems.throwIfAny();
        return backend;
    }

    /** Returns what a backend is made with. */
    static BackendContext context(Map<String, String> settings, Problems problems) {
        return context(settings, ChannelRules.none(), problems);
    }

    private static BackendContext context(
            Map<String, String> settings,
            ChannelRules<BackendSettings> policies,
            Problems problems) {
        Map<String, String> values = new HashMap<>();
        settings.forEach((key, value) -> values.put("channels.postgresql." + key, value));
        Values read =
                new Values(
                        new SmallRyeConfigBuilder().withDefaultValues(values).build(),
                        "channels.postgresql.",
                        problems);
        return new BackendContext(read, policies, Runnable::run, SCHEDULER);
    }

    public Connection connect() throws SQLException {
        return connect("");
    }

    public Connection connect(String parameters) throws SQLException {
        return DriverManager.getConnection(url() + "?" + parameters, "postgres", "");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            stop();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
