package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.it.app.RestApplication;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Declared channels, text frames, a base path, history: what most applications have. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class DeclaredEndpointsIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "declared",
                        "channels.names=startup,timer,callback,bean,stateless,resource,servlet,order,history,"
                                + "input,big,bytes,Case,case,with blank,caf\\u00e9,per%cent,a+b,"
                                + "semi;colon,\\ud83d\\ude80,{brace},a:b,star*,amp&,tilde~,"
                                + "com\\\\,ma",
                        "channels.create-ws-route-handlers=true",
                        "channels.ws-handler-base-path=/ws",
                        "channels.ws-handler-send-history=2",
                        "channels.ws-max-message-size=1000",
                        "channels.ws-ping-interval=500ms",
                        "channels.memory.history=10")
                .addPackage(RestApplication.class.getPackage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean", "stateless", "resource"})
    void pluginIsInjectedInto(String kind) throws Exception {
        try (Client client = Client.connect(application, "ws/" + kind)) {
            Http.post(application, "api/publish/" + kind + "/" + kind, "from " + kind);
            client.awaitTexts("from " + kind);
        }
    }

    @Test
    void pluginIsInjectedIntoAServlet() throws Exception {
        try (Client client = Client.connect(application, "ws/servlet")) {
            Http.post(application, "servlet", "servlet\nfrom servlet");
            client.awaitTexts("from servlet");
        }
    }

    @Test
    void singletonPublishesAtStartupAndFromItsTimer() {
        try (Client startup = Client.connect(application, "ws/startup");
                Client timer = Client.connect(application, "ws/timer")) {
            startup.awaitTexts("started");
            await().atMost(Duration.ofSeconds(30)).until(() -> timer.count() >= 2);
            assertThat(timer.texts()).allMatch(text -> text.startsWith("beat "));
        }
    }

    @Test
    void callbackRunsInTheContextOfTheApplicationAndOfNobody() throws Exception {
        assertThat(Http.get(application, "callback").body())
                .matches("loader=true cdi=true comp=true caller=(?i)(anonymous|unauthenticated)");
    }

    @Test
    void clientThatOnlyListensIsPinged() throws Exception {
        try (Client client = Client.connect(application, "ws/servlet")) {
            await().until(() -> client.pings() >= 3);
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void clientGetsHistoryAndThenLiveEvents() throws Exception {
        for (int i = 1; i <= 5; i++) {
            Http.post(application, "api/publish/resource/history", "past " + i);
        }
        try (Client client = Client.connect(application, "ws/history")) {
            client.awaitTexts("past 4", "past 5");
            Http.post(application, "api/publish/resource/history", "now");
            client.awaitTexts("past 4", "past 5", "now");
        }
    }

    @Test
    void inputIsIgnored() throws Exception {
        try (Client client = Client.connect(application, "ws/input")) {
            client.sendText("x".repeat(1000));
            client.sendBinary(new byte[1000]);
            client.sendText("x".repeat(1000));
            Http.post(application, "api/publish/resource/input", "still here");
            client.awaitTexts("still here");
        }
    }

    /**
     * A server need not read to its end what is too long, so that a client that still sends may
     * find its connection broken before it has read why; but not each time.
     */
    @ParameterizedTest
    @ValueSource(ints = {1001, 200_000})
    void oversizedTextClosesWithTooBig(int length) {
        await().ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(() -> closeCodeAfter("x".repeat(length)) == 1009);
    }

    private int closeCodeAfter(String text) throws Exception {
        try (Client client = Client.connect(application, "ws/big")) {
            client.sendText(text);
            return client.awaitClose();
        }
    }

    @Test
    void oversizedBinaryClosesWithTooBig() throws Exception {
        try (Client client = Client.connect(application, "ws/big")) {
            client.sendBinary(new byte[1001]);
            assertThat(client.awaitClose()).isEqualTo(1009);
        }
    }

    @Test
    void eventThatIsNoTextIsSkippedAndTheSessionLivesOn() throws Exception {
        try (Client client = Client.connect(application, "ws/bytes")) {
            Http.post(application, "api/publish/binary/bytes/256", "");
            Http.post(application, "api/publish/resource/bytes", "text");
            client.awaitTexts("text");
        }
        assertThat(Http.get(application, "servlet").body()).contains("skipped=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Case",
                "case",
                "with blank",
                "café",
                "per%cent",
                "a+b",
                "semi;colon",
                "🚀",
                "{brace}",
                "a:b",
                "star*",
                "amp&",
                "tilde~",
                "com,ma"
            })
    void nameIsExact(String name) throws Exception {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        if (TestedServer.refusesColons() && name.contains(":")) {
            assertRefused("ws/" + encoded, 503);
            assertThat(ServerLog.lines())
                    .anyMatch(
                            line ->
                                    line.contains(
                                            "CHANNELS0022: Clients cannot reach the endpoints"
                                                    + " of channels [a:b], since"));
            return;
        }
        try (Client client = Client.connect(application, "ws/" + encoded)) {
            Http.post(application, "servlet", name + "\nto " + name);
            client.awaitTexts("to " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws/unknown", "ws/CASE", "ws/order/more", "ws/un%20known"})
    void unknownChannelIsNotFound(String path) {
        assertRefused(path, 404);
    }

    private void assertRefused(String path, int status) {
        assertThatThrownBy(() -> Client.open(application, path, new WebSocket.Listener() {}).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
    }

    @Test
    void undeclaredChannelIsAnErrorThatSaysWhatToDo() throws Exception {
        assertThat(Http.post(application, "api/publish/resource/nowhere", "x").body())
                .isEqualTo(
                        "CHANNELS0002: Channel 'nowhere' is not declared. Add it, or a family such as"
                                + " order-*, to channels.names, or set"
                                + " channels.arbitrary-channels-allowed=true.");
    }
}
