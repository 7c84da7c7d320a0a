package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.clients.EchoCalls;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client endpoint, by a client that writes and reads JSON by hand. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class ClientEndpointIT {

    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "clients",
                        "channels.names=events,batch,recover,server,unsubscribe,text,echo",
                        "channels.client-endpoint=true",
                        "channels.client-ping-interval=2s",
                        "channels.client-pong-timeout=1s",
                        "channels.client-connect-timeout=3s",
                        "channels.client-max-message-size=1000",
                        "channels.memory.history=1000")
                .addPackage(EchoCalls.class.getPackage());
    }

    private void publish(String channel, int from, int to) throws Exception {
        Http.put(application, "connections?channel=" + channel + "&from=" + from + "&to=" + to);
    }

    private static String subscribe(int id, String channel, String more) {
        return "{\"id\":"
                + id
                + ",\"subscribe\":{\"channel\":\""
                + channel
                + "\",\"flag\":1"
                + more
                + "}}";
    }

    private static String pub(String channel, int number) {
        return "{\"push\":{\"channel\":\""
                + channel
                + "\",\"pub\":{\"data\":"
                + number
                + ",\"offset\":";
    }

    private static String epochOf(JsonClient client) {
        Matcher epoch = EPOCH.matcher(String.join("\n", client.lines()));
        assertThat(epoch.find()).isTrue();
        return epoch.group(1);
    }

    @Test
    void oneFrameConnectsAndSubscribesAndEventsFollowTheReply() throws Exception {
        try (JsonClient client = JsonClient.open(application)) {
            client.says(
                    "{\"connect\":{\"name\":\"js\"},\"id\":1}",
                    subscribe(2, "events", ""),
                    subscribe(3, "nowhere", ""));
            client.awaits("{\"id\":2,\"subscribe\"");
            client.awaits("{\"id\":3,\"error\":{\"code\":102,");
            publish("events", 1, 3);
            client.awaits(3, "\"push\"");
            assertThat(client.lines("\"connect\""))
                    .singleElement()
                    .asString()
                    .contains("\"ping\":2,\"pong\":true");
            assertThat(client.lines("\"push\""))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith(pub("events", 1)),
                            line -> assertThat(line).startsWith(pub("events", 2)),
                            line -> assertThat(line).startsWith(pub("events", 3)));
        }
    }

    @Test
    void aBurstSharesFrames() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says(subscribe(2, "batch", "")).awaits("{\"id\":2,\"subscribe\"");
            publish("batch", 1, 2000);
            client.awaits(2000, "\"push\"");
            assertThat(client.frames()).isLessThan(1500);
        }
    }

    @Test
    void aClientThatComesBackHasWhatItMissed() throws Exception {
        String epoch;
        try (JsonClient client = JsonClient.connect(application)) {
            client.says(subscribe(2, "recover", "")).awaits("{\"id\":2,\"subscribe\"");
            epoch = epochOf(client);
            publish("recover", 1, 1);
            client.awaits(1, "\"push\"");
        }
        publish("recover", 2, 400);
        try (JsonClient client = JsonClient.connect(application)) {
            client.says(
                    subscribe(
                            2,
                            "recover",
                            ",\"recover\":true,\"offset\":1,\"epoch\":\"" + epoch + "\""));
            client.awaits(pub("recover", 400));
            assertThat(client.lines("\"subscribe\""))
                    .singleElement()
                    .asString()
                    .contains("\"publications\":[{\"data\":2,\"offset\":2},")
                    .contains("\"recovered\":true,\"offset\":1,")
                    .contains("\"was_recovering\":true");
            assertThat(client.lines("\"push\"")).hasSizeLessThan(399);
        }
        try (JsonClient client = JsonClient.connect(application)) {
            client.says(
                    subscribe(2, "recover", ",\"recover\":true,\"offset\":1,\"epoch\":\"other\""));
            client.awaits("{\"id\":2,\"subscribe\"");
            assertThat(client.lines("\"subscribe\""))
                    .singleElement()
                    .asString()
                    .contains("\"offset\":400,")
                    .doesNotContain("\"recovered\"", "publications");
        }
    }

    @Test
    void anEventRightAfterTheReplyIsNotMissed() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (JsonClient client = JsonClient.connect(application)) {
                client.says(subscribe(2, "unsubscribe", "")).awaits("{\"id\":2,\"subscribe\"");
                publish("unsubscribe", i, i);
                client.awaits(pub("unsubscribe", i));
                client.says("{\"id\":3,\"unsubscribe\":{\"channel\":\"unsubscribe\"}}");
                client.awaits("{\"id\":3,\"unsubscribe\":{}}");
            }
        }
    }

    @Test
    void refusesToPublish() {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says("{\"id\":2,\"publish\":{\"channel\":\"events\",\"data\":1}}");
            client.awaits("{\"id\":2,\"error\":{\"code\":103,");
        }
    }

    @Test
    void callsTheApplication() {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says("{\"id\":2,\"rpc\":{\"method\":\"echo\",\"data\":{\"n\": 1.50}}}");
            client.awaits("{\"id\":2,\"rpc\":{\"data\":{\"n\": 1.50}}}");
            client.says("{\"send\":{\"data\":[7]}}", "{\"id\":3,\"rpc\":{\"method\":\"sent\"}}");
            client.awaits("{\"id\":3,\"rpc\":{\"data\":[\"[7]\"]}}");
            client.says("{\"id\":4,\"rpc\":{\"method\":\"refuse\"}}");
            client.awaits("{\"id\":4,\"error\":{\"code\":1000,\"message\":\"not today\"}}");
            client.says("{\"id\":5,\"rpc\":{\"method\":\"fail\"}}");
            client.awaits("{\"id\":5,\"error\":{\"code\":100,");
            assertThat(client.lines("secret")).isEmpty();
        }
    }

    @Test
    void theApplicationReachesItsClients() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            Http.post(application, "connections?do=subscribe&channel=server", "");
            client.awaits("{\"push\":{\"channel\":\"server\",\"subscribe\":{");
            publish("server", 1, 1);
            client.awaits(pub("server", 1));
            Http.post(application, "connections?do=unsubscribe&channel=server", "");
            client.awaits("\"unsubscribe\":{\"code\":2000,");
            Http.post(application, "connections?do=send", "");
            client.awaits("{\"push\":{\"message\":{\"data\":[\"hello\"]}}}");
            Http.post(application, "connections?do=reconnect", "");
            assertThat(client.awaitClose()).isEqualTo(3011);
        }
        await().until(() -> Http.get(application, "connections").body().equals("0"));
    }

    @Test
    void aClientThatAnswersPingsStays() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            for (int i = 1; i <= 3; i++) {
                int pings = i;
                await().until(() -> client.lines().stream().filter("{}"::equals).count() == pings);
                client.says("{}");
            }
            client.says("{\"id\":2,\"rpc\":{\"method\":\"echo\"}}").awaits("{\"id\":2,\"rpc\"");
        }
    }

    @Test
    void aClientThatDoesNotAnswerIsDisconnected() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            assertThat(client.awaitClose()).isEqualTo(3012);
        }
    }

    @Test
    void aClientThatNeverConnectsIsDisconnected() throws Exception {
        try (JsonClient client = JsonClient.open(application)) {
            assertThat(client.awaitClose()).isEqualTo(3000);
        }
    }

    @Test
    void aFaultClosesWhatStandsBeforeItIsAnswered() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says("{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":1}}", "oh");
            client.awaits("{\"id\":2,\"error\"");
            assertThat(client.awaitClose()).isEqualTo(3501);
        }
        try (JsonClient client = JsonClient.open(application)) {
            client.says("{\"id\":1,\"rpc\":{}}");
            assertThat(client.awaitClose()).isEqualTo(3501);
        }
    }

    @Test
    void aFrameThatIsTooLargeCloses() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says("{\"id\":2,\"rpc\":{\"data\":\"" + "x".repeat(2000) + "\"}}");
            assertThat(client.awaitClose()).isEqualTo(1009);
        }
    }

    /**
     * Browsers end a connection whose server takes none of what they offered, or something else.
     */
    @ParameterizedTest
    @CsvSource({
        "centrifuge-protobuf, centrifuge-protobuf",
        "centrifuge-json, centrifuge-json",
        "'other, centrifuge-protobuf', centrifuge-protobuf"
    })
    void theSubprotocolThatIsOfferedIsTaken(String offered, String taken) throws Exception {
        assertThat(handshake("Sec-WebSocket-Protocol: " + offered))
                .containsIgnoringCase("Sec-WebSocket-Protocol: " + taken);
    }

    @Test
    void whoOffersNothingKnownIsLetInAndSpeaksJson() throws Exception {
        assertThat(handshake("Sec-WebSocket-Protocol: other"))
                .contains(" 101 ")
                .doesNotContainIgnoringCase("centrifuge-");
        assertThat(handshake("Origin: http://" + application.getAuthority()))
                .contains(" 101 ")
                .doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
    }

    private String handshake(String header) throws Exception {
        String target = application.getPath().replaceFirst("/$", "") + "/connection/websocket";
        try (RawClient client = RawClient.connect(application)) {
            client.send(RawClient.handshake(application, target, header));
            return client.head();
        }
    }

    @Test
    void protobufIsSpokenWhereItIsAskedFor() throws Exception {
        try (Client client = Client.connect(application, "connection/websocket?format=protobuf")) {
            client.sendBinary(new byte[] {4, 8, 1, 0x22, 0});
            await().until(() -> !client.binaries().isEmpty());
            assertThat(client.binaries().get(0)).contains(0x2A);
            client.sendBinary(new byte[0]);
            assertThat(client.awaitClose()).isEqualTo(3501);
        }
    }
}
