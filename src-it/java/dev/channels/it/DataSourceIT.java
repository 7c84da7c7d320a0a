package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.it.app.RestApplication;
import dev.channels.it.joined.JoinedServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An application publishes through a data source of the server's, also by its own transactions, and
 * listens by a URL.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class DataSourceIT {

    private static final PostgresqlBroker POSTGRESQL = new PostgresqlBroker();
    private static final int EVENTS = 200;
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final int ORDERS = 30;

    /** As many as a node borrows at once, and one for a transaction. */
    private static final int POOL_SIZE = 6;

    private static final boolean ON_LIBERTY =
            System.getProperty("arquillian.launch").equals("liberty");

    /** Payara keeps the pool of an application that is gone; that of Open Liberty is its own. */
    private static final boolean POOL_REMAINS =
            ON_LIBERTY || System.getProperty("arquillian.launch").equals("payara");

    private static final String WEB_XML =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                <data-source>
                    <name>java:app/jdbc/channels</name>
                    <class-name>org.postgresql.ds.PGSimpleDataSource</class-name>
                    <url>%s</url>
                    <user>postgres</user>
                    <password>unused</password>
                    <property>
                        <name>applicationName</name>
                        <value>pool</value>
                    </property>
                    <initial-pool-size>0</initial-pool-size>
                    <max-pool-size>%d</max-pool-size>
                    <min-pool-size>0</min-pool-size>
                </data-source>
            </web-app>
            """;

    /** Open Liberty takes the driver of a data source from the server only. */
    private static final String SERVER_XML =
            """
            <server>
                <dataSource jndiName="jdbc/channels">
                    <jdbcDriver>
                        <library>
                            <file name="%s"/>
                        </library>
                    </jdbcDriver>
                    <properties.postgresql URL="%s" user="postgres" password="unused" applicationName="pool"/>
                    <connectionManager minPoolSize="0" maxPoolSize="%d"/>
                </dataSource>
            </server>
            """;

    private static final Path SERVER =
            Path.of(
                    System.getProperty("servers.directory"),
                    "liberty/usr/servers",
                    System.getProperty("liberty.server", ""));
    private static final Path DEFINITION =
            SERVER.resolve("configDropins/overrides/data-source.xml");
    private static final Path MESSAGES = SERVER.resolve("logs/messages.log");

    @ArquillianResource private URI base;
    @ArquillianResource private Deployer deployer;

    private static final String NAME = ON_LIBERTY ? "jdbc/channels" : "java:app/jdbc/channels";

    @BeforeAll
    static void defineInServer() throws Exception {
        POSTGRESQL.execute("CREATE TABLE orders (text text)");
        if (ON_LIBERTY) {
            long before = configurationUpdates();
            String driver = Libraries.pgjdbc()[0].getPath();
            Files.createDirectories(DEFINITION.getParent());
            Files.writeString(
                    DEFINITION, SERVER_XML.formatted(driver, POSTGRESQL.url(), POOL_SIZE));
            await().atMost(LONG).until(() -> configurationUpdates() > before);
        }
    }

    /** The server looks for new definitions and for new applications independently. */
    private static long configurationUpdates() throws IOException {
        try (Stream<String> lines = Files.lines(MESSAGES)) {
            return lines.filter(line -> line.contains("CWWKG0017I")).count();
        }
    }

    @AfterAll
    static void stopBroker() throws Exception {
        Files.deleteIfExists(DEFINITION);
        POSTGRESQL.close();
    }

    @Deployment(testable = false)
    static WebArchive base() {
        return Wars.withoutLibrary("base");
    }

    @Deployment(name = "pooled", managed = false, testable = false)
    static WebArchive pooled() {
        WebArchive war =
                Wars.war(
                                "pooled",
                                "channels.backend=postgresql",
                                "channels.postgresql.data-source=" + NAME,
                                "channels.postgresql.publish-in-transaction=join",
                                "channels.postgresql.listen-url=" + POSTGRESQL.url(),
                                "channels.postgresql.user=postgres",
                                "channels.postgresql.poll-interval=1h",
                                "channels.names=startup,timer,news",
                                "channels.create-ws-route-handlers=true",
                                "channels.ws-handler-base-path=/ws",
                                "channels.ws-handler-send-history=-1")
                        .addAsLibraries(Libraries.pgjdbc())
                        .addPackage(RestApplication.class.getPackage())
                        .addPackage(JoinedServlet.class.getPackage());
        if (!ON_LIBERTY) {
            war.setWebXML(new StringAsset(WEB_XML.formatted(POSTGRESQL.url(), POOL_SIZE)));
        }
        return war;
    }

    /** Again, because the second application must not find what is left of the first. */
    @RepeatedTest(2)
    void publishesThroughThePoolAndListensOutsideOfIt() throws Exception {
        if (TestedServer.bindsDataSourcesLate()) {
            assertThatThrownBy(() -> deployer.deploy("pooled"))
                    .hasStackTraceContaining("CHANNELS0013")
                    .hasStackTraceContaining("There is no data source named " + NAME);
            return;
        }
        URI application = base.resolve("/pooled/");
        deployer.deploy("pooled");
        try (Client client = Client.connect(application, "ws/news")) {
            try {
                for (int i = 0; i < EVENTS; i++) {
                    Http.post(application, "servlet", "news\nevent " + i);
                }
                await().atMost(LONG).until(() -> newest(client).equals("event " + (EVENTS - 1)));
                List<String> placed = placeOrders(application);
                assertThat(placed).hasSize(ORDERS / 3);
                await().atMost(LONG).until(() -> newest(client).equals("the end"));
                assertThat(client.texts()).endsWith(placed.toArray(String[]::new));
                assertThat(client.texts()).hasSize((int) eventsInTables());
                assertThat(sessions("pool")).isPositive();
                assertThat(sessions("channels-ee")).isEqualTo(1);
            } finally {
                deployer.undeploy("pooled");
            }
            assertThat(client.awaitClose()).isEqualTo(1001);
            assertThat(client.texts())
                    .containsSubsequence(
                            IntStream.range(0, EVENTS).mapToObj(i -> "event " + i).toList());
        }
        await().atMost(LONG).until(() -> sessions("channels-ee") == 0);
        await().atMost(LONG).until(() -> sessions("pool") <= (POOL_REMAINS ? POOL_SIZE : 0));
    }

    /** Places orders, of which some roll back and some cannot be written; returns the others. */
    private static List<String> placeOrders(URI application) throws Exception {
        POSTGRESQL.execute("TRUNCATE orders");
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < ORDERS; i += 3) {
            assertThat(place(application, "rollback", "no " + i)).isEqualTo("ROLLED_BACK");
            assertThat(place(application, "broken", "broken " + i))
                    .matches("\\w*Exception ROLLED_BACK");
            String text = i == ORDERS - 3 ? "the end" : "order " + i;
            assertThat(place(application, "commit", text)).isEqualTo("sent");
            placed.add(text);
        }
        assertThat(POSTGRESQL.number("SELECT count(*) FROM orders")).isEqualTo(placed.size());
        assertThat(POSTGRESQL.number("SELECT last_value FROM channels_ticket"))
                .isGreaterThanOrEqualTo(placed.size());
        return placed;
    }

    private static String place(URI application, String fate, String text) throws Exception {
        return Http.post(application, "joined/" + fate + "?by=" + NAME, text).body();
    }

    /** Those of the timer come and go meanwhile. */
    private static long eventsInTables() throws Exception {
        assertThat(
                        POSTGRESQL.number(
                                "SELECT count(*) FROM channels_outbox WHERE channels = 'news'"))
                .isZero();
        return POSTGRESQL.number("SELECT last_offset FROM channels_channel WHERE name = 'news'");
    }

    private static String newest(Client client) {
        List<String> texts = client.texts();
        return texts.isEmpty() ? "" : texts.get(texts.size() - 1);
    }

    private static long sessions(String name) throws Exception {
        return POSTGRESQL.number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "'");
    }
}
