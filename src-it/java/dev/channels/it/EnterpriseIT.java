package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.ee.TransactionServlet;
import dev.channels.it.messaging.TickServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server around the library has: transactions, CDI events, health, JMX. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class EnterpriseIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        List<String> properties = new ArrayList<>(PROPERTIES);
        if (hasReactiveMessaging()) {
            properties.addAll(CONNECTED);
        }
        WebArchive war =
                Wars.war("enterprise", properties.toArray(String[]::new))
                        .addPackage(TransactionServlet.class.getPackage());
        return hasReactiveMessaging() ? war.addPackage(TickServlet.class.getPackage()) : war;
    }

    private static final List<String> PROPERTIES =
            List.of(
                    "channels.names=tx-*,orders,order-*",
                    "channels.create-ws-route-handlers=true",
                    "channels.ws-handler-base-path=/ws",
                    "channels.publish-in-transaction=after-commit",
                    "channels.memory.history=100",
                    "channels.policy.desk.channels=orders",
                    "channels.policy.desk.telemetry-channel-names=true",
                    // Spans, where the server makes them, and nobody to send them to.
                    "otel.sdk.disabled=false",
                    "otel.traces.exporter=none",
                    "otel.metrics.exporter=none",
                    "otel.logs.exporter=none");

    private static final List<String> CONNECTED =
            List.of(
                    "mp.messaging.outgoing.to-ticks.connector=channels-ee",
                    "mp.messaging.outgoing.to-ticks.channel=order-ticks",
                    "mp.messaging.incoming.ticks.connector=channels-ee",
                    "mp.messaging.incoming.ticks.channel=order-ticks",
                    "mp.messaging.outgoing.prices.connector=channels-ee",
                    "mp.messaging.outgoing.prices.channel=order-prices");

    /**
     * Payara has none, and Open Liberty, where this was tried, would have it for all applications
     * of the server.
     */
    private static boolean hasReactiveMessaging() {
        return isOn("wildfly");
    }

    private static boolean isOn(String server) {
        return System.getProperty("arquillian.launch").equals(server);
    }

    // ---- Transactions

    @ParameterizedTest
    @CsvSource({
        "none, 1 end",
        "servlet-commit, sent 1 2 end",
        "servlet-rollback, ROLLED_BACK end",
        "servlet-marked, ROLLED_BACK end",
        "servlet-timeout, ROLLED_BACK end",
        "bean-commit, at-once 1 2 end",
        "bean-rollback, at-once end",
        "nested-commit, inner-1 inner-2 outside outer-1 joined outer-2 end",
        "nested-rollback, inner-1 inner-2 outside end",
        "stateless-commit, 1 2 end",
        "stateless-rollback, end"
    })
    void eventsGoOutAfterTheCommitOrNotAtAll(String play, String expected) throws Exception {
        assertThat(Http.post(application, "transaction/" + play, "").body()).isEqualTo(expected);
    }

    @Test
    void timerPublishesWhenItsTransactionHasCommitted() throws Exception {
        Http.post(application, "transaction/timer", "");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                // The end of a reading may stand between the two.
                                assertThat(Http.get(application, "transaction/timer").body())
                                        .containsSubsequence("1", "2"));
    }

    @Test
    void resourcePublishesWhenItsTransactionHasCommitted() throws Exception {
        Http.post(application, "api/transaction/tx-rest-commit/commit", "");
        Http.post(application, "api/transaction/tx-rest-rollback/rollback", "");
        assertThat(Http.get(application, "transaction/rest-commit").body()).isEqualTo("1 2 end");
        assertThat(Http.get(application, "transaction/rest-rollback").body()).isEqualTo("end");
    }

    // ---- CDI events

    @Test
    void whatIsFiredIsObservedWithTheContextOfTheApplication() throws Exception {
        for (int id = 1; id <= 20; id++) {
            Http.post(application, "orders?id=" + id, "");
        }
        for (String observer : List.of("bean", "stateless", "dependent")) {
            List<String> expected =
                    IntStream.rangeClosed(1, 20)
                            .mapToObj(
                                    id -> observer + " " + id + " loader=true comp=true request=1")
                            .toList();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Http.get(application, "orders?by=" + observer)
                                                            .body()
                                                            .lines())
                                            .containsExactlyElementsOf(expected));
        }
    }

    /** Of a transaction that was rolled back, and of one that was not. */
    @Test
    void whatIsFiredGoesOutAfterTheCommit() throws Exception {
        Http.post(application, "orders?id=70&fail=true", "");
        Http.post(application, "orders?id=71&fail=false", "");
        assertThat(Http.get(application, "orders?channel=order-70").body()).isEqualTo("end");
        assertThat(Http.get(application, "orders?channel=order-71").body())
                .isEqualTo("{\"id\":71} end");
    }

    @Test
    void familyIsObservedWhicheverItsChannelsAre() throws Exception {
        List<Integer> ids = List.of(81, 82, 83);
        for (int round = 1; round <= 2; round++) {
            for (int id : ids) {
                Http.post(application, "orders?fail=false&id=" + id, "");
            }
        }
        for (int id : ids) {
            String line = "family order-" + id + " {\"id\":" + id + "}";
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Http.get(application, "orders?by=family")
                                                            .body()
                                                            .lines())
                                            .filteredOn(line::equals)
                                            .hasSize(2));
        }
    }

    @Test
    void clientsAreObservedAsTheyComeAndGo() throws Exception {
        Client client = Client.connect(application, "ws/order-life");
        awaitLife("came by plain", "subscribed to order-life");
        client.close();
        awaitLife(
                "came by plain",
                "subscribed to order-life",
                "unsubscribed from order-life",
                "left: null");
    }

    private void awaitLife(String... events) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(Http.get(application, "orders").body().lines())
                                        .containsExactly(events));
    }

    // ---- Reactive Messaging

    @Test
    void messagesPassFromChannelToChannel() throws Exception {
        assumeThat(hasReactiveMessaging()).as("Reactive Messaging").isTrue();
        List<String> prices = new ArrayList<>();
        for (int tick = 1; tick <= 20; tick++) {
            assertThat(Http.post(application, "ticks?tick=" + tick, "").body())
                    .isEqualTo("acknowledged");
            prices.add("price-" + tick);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                // The ends of readings may stand between them.
                                assertThat(
                                                Http.get(application, "orders?channel=order-prices")
                                                        .body()
                                                        .split(" "))
                                        .containsSubsequence(prices));
    }

    @Test
    void messageThatCannotBePublishedIsRefused() throws Exception {
        assumeThat(hasReactiveMessaging()).as("Reactive Messaging").isTrue();
        assertThat(Http.post(application, "ticks", "").body()).isEqualTo("refused NOT_ENCODABLE");
    }

    // ---- Health and management

    /**
     * WildFly has MicroProfile Health in another configuration than that of the tests, GlassFish
     * from 8 on, where it asks no bean that is added by an extension.
     */
    @Test
    void healthOfTheServerKnowsTheChannels() throws Exception {
        HttpResponse<String> ready = Http.get(application.resolve("/"), "health/ready");
        if (isOn("wildfly") || TestedServer.isGlassFish() && !TestedServer.isGlassFish8()) {
            assertThat(ready.statusCode()).isEqualTo(404);
        } else if (TestedServer.isGlassFish8()) {
            assertThat(ready.body()).contains("\"checks\":[]");
        } else {
            assertThat(ready.body().replaceAll("\\s", ""))
                    .contains("\"name\":\"channels\"", "\"broker\":\"reachable\"")
                    .contains("\"phase\":\"open\"", "\"backend\":\"memory\"");
            assertThat(ready.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void applicationIsManaged() throws Exception {
        assertThat(Http.get(application, "management").body())
                .isEqualTo("dev.channels:type=Channels,application=\"/enterprise\" open");
    }

    /**
     * Of the servers of the tests only Payara makes spans without being told to. Those of WildFly
     * and Open Liberty are in {@code ExportedTelemetry}.
     */
    @Test
    void eventsCarryTheTraceOfTheirPublish() throws Exception {
        Http.post(application, "orders?id=81&fail=false", "");
        String headers = Http.get(application, "orders?headers=order-81").body();
        if (isOn("payara") && !TestedServer.isGlassFish()) {
            assertThat(headers).containsPattern("traceparent=00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        } else {
            assertThat(headers).isEqualTo("{}");
        }
    }

    /**
     * WildFly has no metrics in the configuration of the tests, and none of MicroProfile at all,
     * like GlassFish.
     */
    @Test
    void metricsOfTheServerKnowTheChannels() throws Exception {
        Http.post(application, "orders?id=1", "");
        String metrics = Http.get(application.resolve("/"), "metrics").body();
        if (isOn("wildfly") || TestedServer.isGlassFish()) {
            assertThat(metrics).doesNotContain("channels_");
        } else {
            String here = "\\{[^}]*channels_application=\"/enterprise\"[^}]*} ";
            assertThat(metrics)
                    .containsPattern("channels_broker_up" + here + "1")
                    .containsPattern("channels_connections" + here + "\\d")
                    .containsPattern("messaging_client_sent_messages" + here + "[1-9]")
                    .containsPattern(
                            "messaging_client_sent_messages\\{[^}]*"
                                    + "messaging_destination_name=\"orders\"[^}]*} [1-9]")
                    .doesNotContain("messaging_destination_name=\"order-")
                    .containsPattern(
                            "messaging_client_operation_duration_seconds_count" + here + "[1-9]");
        }
    }
}
