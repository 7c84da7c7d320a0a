package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.RecordingSink;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class PostgresqlBackendFactoryTest {

    private static final String SECRET = "hunter2";

    private static final ScheduledExecutorService SCHEDULER =
            Executors.newSingleThreadScheduledExecutor();

    private final Problems problems = new Problems();

    @AfterAll
    static void endScheduler() {
        SCHEDULER.shutdownNow();
    }

    private Values values(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put("channels.postgresql." + pairs[i], pairs[i + 1]);
        }
        return new Values(
                new SmallRyeConfigBuilder().withDefaultValues(values).build(),
                "channels.postgresql.",
                problems);
    }

    private ChannelsBackend create(String... pairs) {
        return create(getClass().getClassLoader(), pairs);
    }

    private ChannelsBackend create(ClassLoader loader, String... pairs) {
        return new PostgresqlBackendFactory()
                .create(new BackendContext(values(pairs), Runnable::run, SCHEDULER), loader);
    }

    private void assertProblem(String... parts) {
        assertThatThrownBy(problems::throwIfAny).message().contains(parts);
    }

    private static PostgresqlSettings of(BackendSettings values) {
        return PostgresqlSettings.of(values, ChannelRules.none());
    }

    @Test
    void isRegistered() {
        assertThat(ServiceLoader.load(BackendFactory.class))
                .anyMatch(factory -> factory.name().equals("postgresql"));
    }

    @Test
    void defaultsAreAsDocumented() {
        PostgresqlSettings settings = of(values("url", "jdbc:postgresql://localhost/app"));
        assertThat(settings.tables()).isEqualTo(new TableNames("", "channels"));
        assertThat(settings.createTables()).isTrue();
        assertThat(settings.retentions().standard().history()).isEqualTo(1_000);
        assertThat(settings.retentions().standard().retention()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.cleanupInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.listenUrl()).isSameAs(settings.url());
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void aDataSourceListensOnlyWithAUrlForIt() {
        assertThat(of(values("data-source", "jdbc/x")).listenUrl()).isNull();
        PostgresqlSettings both =
                of(values("data-source", "jdbc/x", "listen-url", "jdbc:postgresql:app"));
        assertThat(both.listenUrl()).isNotNull();
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void needsAUrlOrADataSource() {
        create();
        assertProblem("channels.postgresql.url");
    }

    @Test
    void refusesBoth() {
        create("url", "jdbc:postgresql:app", "data-source", "jdbc/x");
        assertProblem("channels.postgresql.data-source");
    }

    @Test
    void transactionsJoinByADataSourceOnly() {
        String join = "publish-in-transaction";
        assertThat(create("data-source", "jdbc/x", join, "join").outbox()).isPresent();
        assertThat(create("data-source", "jdbc/x").outbox()).isEmpty();
        assertThat(create("data-source", "jdbc/x", join, "separate").outbox()).isEmpty();
        assertThat(problems.isEmpty()).isTrue();
        assertThat(create("url", "jdbc:postgresql:app", join, "join").outbox()).isEmpty();
        assertProblem(
                "channels.postgresql.publish-in-transaction",
                "channels.postgresql.data-source is not set",
                "JTA data source");
    }

    @Test
    void reportsEveryValueThatDoesNotFit() {
        create(
                "url",
                "jdbc:mysql://x?password=" + SECRET,
                "schema",
                "a;b",
                "table-prefix",
                "1x",
                "history",
                "0",
                "retention",
                "1ms",
                "poll-interval",
                "1ms",
                "connect-timeout",
                "5m");
        assertProblem(
                "postgresql.url",
                "postgresql.schema",
                "postgresql.table-prefix",
                "postgresql.history",
                "postgresql.retention",
                "postgresql.poll-interval",
                "postgresql.connect-timeout");
        assertThatThrownBy(problems::throwIfAny).hasMessageNotContaining(SECRET);
    }

    @Test
    void aMissingDriverIsAProblemWithTheDependencyToAdd() throws Exception {
        create(ClassLoader.getPlatformClassLoader(), "url", "jdbc:postgresql:app");
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.split("<version.postgresql>")[1].split("<")[0];
        assertProblem("org.postgresql:postgresql:" + version);
    }

    @Test
    void theTablesAreDocumented() throws Exception {
        Path ddl = Path.of("src/main/resources/dev/channels/backend/postgresql/ddl.sql");
        assertThat(Files.readString(Path.of("src/site/markdown/postgresql.md")))
                .contains("```sql\n" + Files.readString(ddl) + "```");
    }

    @Test
    void aDataSourceAloneNeedsNoDriver() {
        create(ClassLoader.getPlatformClassLoader(), "data-source", "jdbc/x");
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void anUnreachableServerFailsTheStartAndNamesItWithoutSecrets() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Handler handler = new StreamHandler(log, new SimpleFormatter());
        handler.setLevel(Level.ALL);
        Logger drivers = Logger.getLogger("org.postgresql");
        drivers.addHandler(handler);
        drivers.setLevel(Level.ALL);
        String url = "jdbc:postgresql://localhost:1/app?password=" + SECRET;
        ChannelsBackend backend = create("url", url, "user", "me", "connect-timeout", "1s");
        try {
            assertThat(backend).asString().doesNotContain(SECRET);
            assertThatThrownBy(
                            () ->
                                    backend.start(new RecordingSink())
                                            .toCompletableFuture()
                                            .orTimeout(20, TimeUnit.SECONDS)
                                            .join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("localhost:1/app (channels.postgresql.url)")
                    .satisfies(failure -> assertThat(printed(failure)).doesNotContain(SECRET));
        } finally {
            backend.stop().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
            handler.flush();
            drivers.removeHandler(handler);
            drivers.setLevel(null);
        }
        assertThat(log.toString()).contains("localhost").doesNotContain(SECRET);
        assertThat(of(values("url", url, "password", SECRET)).toString()).doesNotContain(SECRET);
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aDataSourceThatIsNotThereFailsTheStart() {
        ChannelsBackend backend = create("data-source", "jdbc/none");
        assertThatThrownBy(
                        () ->
                                backend.start(new RecordingSink())
                                        .toCompletableFuture()
                                        .orTimeout(20, TimeUnit.SECONDS)
                                        .join())
                .hasMessageContaining("jdbc/none");
        backend.stop().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
