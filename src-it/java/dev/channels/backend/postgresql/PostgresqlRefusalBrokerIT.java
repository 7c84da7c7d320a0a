package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import dev.channels.spi.contract.RecordingSink;
import dev.channels.test.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the database refuses until somebody changes something: no outage, and said clearly. */
final class PostgresqlRefusalBrokerIT {

    private static PostgresqlBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static void assertStartFails(
            ChannelsBackend backend, ErrorCode code, String... messageParts) {
        assertThatThrownBy(() -> PostgresqlNode.join(backend.start(new RecordingSink())))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        failure -> {
                            assertThat(failure.errorCode()).isEqualTo(code);
                            assertThat(failure.getMessage()).contains(messageParts);
                        });
        PostgresqlNode.join(backend.stop());
    }

    @Test
    void aStartThatIsRefusedSaysWhatToChange() throws Exception {
        assertStartFails(
                broker.backend("url", broker.url().replace("/postgres", "/nowhere")),
                ErrorCode.BROKER_REFUSED,
                "nowhere",
                "Create the database");
        assertStartFails(
                broker.backend("schema", "nowhere"),
                ErrorCode.BROKER_REFUSED,
                "nowhere",
                "channels.postgresql.schema");
        broker.execute("CREATE ROLE nobody LOGIN");
        assertStartFails(
                broker.backend("user", "nobody", "table-prefix", "refused"),
                ErrorCode.BROKER_REFUSED,
                "permission denied",
                "channels.postgresql.create-tables=false");
    }

    @Test
    void aRightThatIsTakenAwayFailsThePublishesAndIsNoOutage() throws Exception {
        PostgresqlNode.started(broker.backend("table-prefix", "taken")).close();
        broker.execute("CREATE ROLE taken LOGIN");
        broker.execute(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON taken_channel, taken_event,"
                        + " taken_publisher, taken_life TO taken");
        try (PostgresqlNode node =
                PostgresqlNode.started(broker.backend("table-prefix", "taken", "user", "taken"))) {
            node.subscribe("a");
            node.publish("a", "1");
            broker.execute("REVOKE INSERT ON taken_event FROM taken");
            List<Publication> batch = node.batch("a", "2", "3");
            assertThatThrownBy(() -> PostgresqlNode.join(node.backend.publish(batch)))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublicationsRejectedException.class,
                            rejected ->
                                    assertThat(batch)
                                            .allSatisfy(
                                                    each ->
                                                            assertThat(rejected.reasonFor(each))
                                                                    .hasMessageContaining("Grant")
                                                                    .hasMessageContaining(
                                                                            ErrorCode.BROKER_REFUSED
                                                                                    .code())));
            broker.execute("GRANT INSERT ON taken_event TO taken");
            node.publish("a", "4");
            assertThat(node.sink.awaitTexts("a", 2)).containsExactly("1", "4");
            assertThat(node.sink.disconnections()).isZero();
        }
    }

    @Test
    void tablesOfAnotherVersionAreLeftAlone() throws Exception {
        PostgresqlNode.started(broker.backend("table-prefix", "newer")).close();
        broker.execute("UPDATE newer_life SET version = 2");
        assertStartFails(
                broker.backend("table-prefix", "newer"),
                ErrorCode.UNSUPPORTED_FORMAT,
                "\"newer_*\"",
                "version 2",
                "the other nodes have",
                "channels.postgresql.table-prefix");
        PostgresqlNode.started(broker.backend("table-prefix", "older")).close();
        broker.execute("ALTER TABLE older_life DROP COLUMN version");
        assertStartFails(
                broker.backend("table-prefix", "older"),
                ErrorCode.UNSUPPORTED_FORMAT,
                "version 0",
                "Drop these tables");
    }

    /** The reader notices it by its poll, though its connection works. */
    @Test
    void tablesThatGetAnotherVersionUnderARunningNodeStopIt() throws Exception {
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend("table-prefix", "changing", "poll-interval", "50ms"))) {
            node.subscribe("a");
            broker.execute("UPDATE changing_life SET version = 2");
            await().atMost(Duration.ofSeconds(30)).until(() -> node.sink.disconnections() == 1);
        }
    }

    /** As README and the script say: the quotes keep the case. */
    @Test
    void tablesMadeByHandMayHaveCapitalsInPrefixAndSchema() throws Exception {
        String ddl =
                Files.readString(
                        Path.of("src/main/resources/dev/channels/backend/postgresql/ddl.sql"));
        try (Connection connection = broker.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA \"ByHand\"");
            statement.execute("SET search_path TO \"ByHand\"");
            statement.execute(ddl.replace("channels_", "MyApp_"));
        }
        try (PostgresqlNode node =
                PostgresqlNode.started(
                        broker.backend(
                                "create-tables",
                                "false",
                                "schema",
                                "ByHand",
                                "table-prefix",
                                "MyApp"))) {
            node.publish("a", "1");
            assertThat(PostgresqlNode.join(node.history().last("a", 1)).events()).hasSize(1);
        }
    }

    @Test
    void whoCreatesTheTablesSaysSoOnce() {
        try (LogCapture log = new LogCapture()) {
            List<PostgresqlNode> nodes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                nodes.add(new PostgresqlNode(broker.backend("table-prefix", "once")));
            }
            var starts = nodes.stream().map(node -> node.backend.start(node.sink)).toList();
            starts.forEach(PostgresqlNode::join);
            nodes.forEach(PostgresqlNode::close);
            assertThat(log.messages(ErrorCode.STATE.code()))
                    .filteredOn(message -> message.contains("created the tables"))
                    .hasSize(1);
        }
    }

    @Test
    void spoiltHeadersAreLeftOut() throws SQLException {
        try (PostgresqlNode node =
                PostgresqlNode.started(broker.backend("table-prefix", "spoilt"))) {
            node.publish("a", "1");
            broker.execute("UPDATE spoilt_event SET headers = '\\x05'");
            var events = PostgresqlNode.join(node.history().last("a", 1)).events();
            assertThat(events).hasSize(1);
            assertThat(events.get(0).headers()).isEmpty();
            assertThat(events.get(0).text()).isEqualTo("1");
        }
    }
}
