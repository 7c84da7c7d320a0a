package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.channels.it.app.RestApplication;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels of any name below the root of the application, binary frames, all the history. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class ArbitraryEndpointsIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "arbitrary",
                        "channels.arbitrary-channels-allowed=true",
                        "channels.create-ws-route-handlers=true",
                        "channels.ws-handler-send-history=-1",
                        "channels.ws-send-mode=binary",
                        "channels.memory.history=5")
                .addPackage(RestApplication.class.getPackage())
                .addAsWebResource(new StringAsset("a page"), "page.html");
    }

    @Test
    void everyByteArrives() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (Client client = Client.connect(application, "bytes")) {
            Http.post(application, "api/publish/binary/bytes/256", "");
            client.awaitCount(1);
            assertThat(client.binaries()).containsExactly(all);
            assertThat(client.texts()).isEmpty();
        }
    }

    @Test
    void clientGetsAllOfTheHistoryAndThenLiveEvents() throws Exception {
        for (int i = 1; i <= 7; i++) {
            Http.post(application, "api/publish/resource/past", "event " + i);
        }
        try (Client client = Client.connect(application, "past")) {
            client.awaitCount(5);
            Http.post(application, "api/publish/resource/past", "now");
            client.awaitCount(6);
            assertThat(strings(client))
                    .containsExactly("event 3", "event 4", "event 5", "event 6", "event 7", "now");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "PLAIN",
                "with blank",
                "café",
                "per%cent",
                "%41",
                "a+b",
                "semi;colon",
                "🚀",
                "{channel}",
                "a:b",
                "a..b",
                "x=y&z"
            })
    void nameIsExact(String name) throws Exception {
        if (TestedServer.refusesColons() && name.contains(":")) {
            assertThat(Http.get(application, encoded(name)).statusCode()).isEqualTo(503);
            return;
        }
        try (Client client = Client.connect(application, encoded(name))) {
            Http.post(application, "servlet", name + "\nto " + name);
            client.awaitCount(1);
            assertThat(strings(client)).containsExactly("to " + name);
        }
    }

    @Test
    void longestNameIsAChannel() throws Exception {
        String name = "é".repeat(200);
        try (Client client = Client.connect(application, encoded(name))) {
            Http.post(application, "servlet", name + "\nfar");
            client.awaitCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two/segments", "%3F"})
    void whatIsNoNameIsNotFound(String path) {
        assertThat(refusal(path)).isEqualTo(404);
    }

    @Test
    void nameThatIsTooLongIsNotFound() {
        assertThat(refusal("x".repeat(201))).isEqualTo(404);
    }

    /** Some servers refuse such a path before the application sees it, each in its own way. */
    @ParameterizedTest
    @ValueSource(
            strings = {"%01", "%7F", "a%0Ab", "a%2Fb", "%5C", "a%5Cb", "%23", ".", "%2E", "%2E%2E"})
    void pathThatNoNameCanBeInIsRefused(String path) {
        assertThat(refusal(path)).isBetween(200, 404);
    }

    /** Returns the status that a handshake was refused with. */
    private int refusal(String path) {
        Throwable refused =
                catchThrowable(
                        () -> Client.open(application, path, new WebSocket.Listener() {}).join());
        assertThat(refused).hasCauseInstanceOf(WebSocketHandshakeException.class);
        return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
    }

    @Test
    void restOfTheApplicationIsLeftAlone() throws Exception {
        assertThat(Http.get(application, "page.html").body()).isEqualTo("a page");
        assertThat(Http.get(application, "servlet").body()).contains("published=");
        HttpResponse<String> absent = Http.get(application, "no-such-page");
        assertThat(absent.statusCode()).isEqualTo(404);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static List<String> strings(Client client) {
        return client.binaries().stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }
}
