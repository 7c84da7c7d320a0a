package dev.channels.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ArquillianExtension.class)
@RunAsClient
class DemoIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of HTTP 1.1: Liberty sometimes leaves an upgrade to HTTP 2 without an answer. */
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ArquillianResource private URI base;

    @Deployment(testable = false)
    static WebArchive demo() {
        return DemoArchive.with(Path.of(System.getProperty("library.jar")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo.css", "demo.js"})
    void servesThePage(String file) throws Exception {
        HttpResponse<String> response = get(file);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isNotBlank();
    }

    @Test
    void isAtTheContextRootThatThePageTells() {
        assertThat(base.getPath()).isEqualTo("/demo/");
    }

    @Test
    void tellsWhichServerItIs() throws Exception {
        JsonObject status = object(get("api/status").body());

        assertThat(status.getString("server"))
                .containsPattern("WildFly|Open Liberty|Payara|GlassFish");
        assertThat(status.getJsonNumber("uptime").longValue()).isNotNegative();
        assertThat(status.getInt("java")).isGreaterThanOrEqualTo(17);
    }

    @Test
    void countsWhoComesByTheEventsThatTellOfIt() throws Exception {
        long before = object(get("api/status").body()).getJsonNumber("visits").longValue();
        WebSocket page =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(
                                URI.create(
                                        base.toString().replaceFirst("^http", "ws")
                                                + "connection/websocket"),
                                new WebSocket.Listener() {})
                        .join();
        page.sendText("{\"id\":1,\"connect\":{}}", true).join();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                object(get("api/status").body())
                                                        .getJsonNumber("visits")
                                                        .longValue())
                                        .isGreaterThan(before));
        page.abort();
    }

    @Test
    void tellsHowItIs() throws Exception {
        assertThat(object(get("api/status").body()).getString("health")).isEqualTo("up");
    }

    @Test
    void observesTheReadingsThatItPublishes() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(object(get("api/status").body()).getString("warmest"))
                                        .matches("\\d+\\.\\d+ °C"));
    }

    @Test
    void aSlowReaderFallsBehindAndHoldsUpNobody() throws Exception {
        try (Events ticks = listen("ticks")) {
            send(
                    HttpRequest.newBuilder(base.resolve("api/status/slow"))
                            .timeout(PATIENCE)
                            .POST(BodyPublishers.noBody())
                            .build());
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(object(get("api/status").body()).getInt("behind"))
                                            .isPositive());
            assertThat(ticks.next()).isNotNull();
        }
    }

    @Test
    void showsTheConsoleToTheOperator() throws Exception {
        assertThat(get("channels/console").statusCode()).isEqualTo(401);
        String both = Base64.getEncoder().encodeToString("operator:operator".getBytes(UTF_8));
        HttpResponse<String> console =
                send(
                        HttpRequest.newBuilder(base.resolve("channels/console"))
                                .header("Authorization", "Basic " + both)
                                .timeout(PATIENCE)
                                .build());
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.body()).contains("Console of the channels");
    }

    @Test
    void keepsPublishingReadings() throws Exception {
        try (Events ticks = listen("ticks")) {
            JsonObject reading;
            do {
                reading = object(ticks.next());
            } while (time(reading).isBefore(Instant.now().minusSeconds(1)));
            JsonObject next = object(ticks.next());

            assertThat(reading.getJsonNumber("celsius").doubleValue()).isBetween(0.0, 50.0);
            assertThat(time(next)).isAfter(time(reading));
        }
    }

    @Test
    void acceptsWhatIsPosted() throws Exception {
        assertThat(post("chat", "hello").statusCode()).isEqualTo(202);
    }

    @Test
    void answersOkOnceTheEventIsAccepted() throws Exception {
        assertThat(post("chat?wait=true", "hello").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-declared-it", "nobody-declared-it?wait=true"})
    void tellsWhichChannelIsNotDeclared(String channel) throws Exception {
        HttpResponse<String> response = post(channel, "hello");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(object(response.body()).getString("message"))
                .contains("CHANNELS0002", "nobody-declared-it", "channels.names");
    }

    @Test
    void refusesAnEmptyBody() throws Exception {
        HttpResponse<String> response = post("chat", "");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(object(response.body()).getString("message")).contains("empty");
    }

    @Test
    void refusesALongBody() throws Exception {
        assertThat(post("chat", "x".repeat(16 * 1024 + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesABodyThatIsNoText() throws Exception {
        byte[] body = {'a', (byte) 0xff};

        HttpResponse<String> response =
                send(request("chat").POST(BodyPublishers.ofByteArray(body)).build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(object(response.body()).getString("message")).contains("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/x-www-form-urlencoded",
                "text/plain;charset=utf-8"
            })
    void deliversToEveryListenerWhatOneOfThemPosted(String type) throws Exception {
        String message = "¡Olé! " + UUID.randomUUID();
        try (Events one = listen("chat");
                Events other = listen("chat")) {
            send(
                    request("chat")
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofString(message))
                            .build());

            assertThat(one.nextUntil(message)).endsWith(message);
            assertThat(other.nextUntil(message)).endsWith(message);
        }
    }

    @Test
    void sendsTheLastEventsOnConnect() throws Exception {
        List<String> headlines =
                IntStream.range(0, 25).mapToObj(i -> i + " " + UUID.randomUUID()).toList();
        for (String headline : headlines) {
            assertThat(post("news?wait=true", headline).statusCode()).isEqualTo(200);
        }
        try (Events news = listen("news")) {
            // history is what there is when the subscription is in force
            String first = news.next();
            post("news", "live");

            assertThat(first).isEqualTo(headlines.get(5));
            assertThat(news.nextUntil("live"))
                    .startsWith(headlines.subList(6, 25).toArray(String[]::new))
                    .hasSize(20);
        }
    }

    private static Instant time(JsonObject reading) {
        return Instant.parse(reading.getString("time"));
    }

    private static JsonObject object(String json) {
        return Json.createReader(new StringReader(json)).readObject();
    }

    private Events listen(String channel) {
        return Events.of(client, base.resolve("ws/" + channel));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build());
    }

    private HttpResponse<String> post(String channel, String body)
            throws IOException, InterruptedException {
        return send(request(channel).POST(BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String channel) {
        return HttpRequest.newBuilder(base.resolve("api/channels/" + channel)).timeout(PATIENCE);
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }
}
