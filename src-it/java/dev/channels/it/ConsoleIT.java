package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.demo.Chromium;
import dev.channels.demo.Page;
import dev.channels.it.identity.FormLogin;
import dev.channels.it.identity.UserServlet;
import dev.channels.it.identity.Users;
import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.LoggedInUser;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.StuckReader;
import dev.channels.testkit.Wars;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console for operators: who sees it, what it shows, what it does. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class ConsoleIT {

    private static final String CONSOLE = "channels/console";

    /** What must not be taken for a part of the page, wherever it comes from. */
    private static final String EVIL = "<img src=x onerror=\"document.title = 'taken over'\">";

    /** What waits for an operator who does not read, and what else the server keeps meanwhile. */
    private static final long LITTLE = 32L << 20;

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "console",
                        "channels.names=open,news,secret,order-*",
                        "channels.console=true",
                        "channels.console-role=admin",
                        "channels.create-ws-route-handlers=true",
                        "channels.sse-endpoint=true",
                        "channels.memory.history=20",
                        // So that who has left is found soon.
                        "channels.sse-ping-interval=3s",
                        "channels.ws-ping-interval=3s",
                        "channels.ws-send-timeout=3s",
                        "channels.allowed-origins=same-origin,https://app.example.org",
                        "channels.policy.news.channels=news",
                        "channels.policy.news.publish=admin")
                .addClasses(FormLogin.class, Users.class, UserServlet.class, LoadServlet.class)
                .addAsWebResource(new StringAsset("<title>Who are you?</title>"), "login.html")
                .setWebXML(
                        new StringAsset(
                                "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.0'>"
                                        + "<security-constraint><web-resource-collection>"
                                        + "<web-resource-name>private</web-resource-name>"
                                        + "<url-pattern>/private/*</url-pattern>"
                                        + "</web-resource-collection><auth-constraint>"
                                        + "<role-name>user</role-name></auth-constraint>"
                                        + "</security-constraint>"
                                        + "<security-role><role-name>user</role-name>"
                                        + "</security-role><security-role>"
                                        + "<role-name>admin</role-name></security-role></web-app>"));
    }

    private String[] as(String user, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Cookie", LoggedInUser.login(application, user, user).cookie()));
        return all.toArray(String[]::new);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return Http.request(application, "GET", CONSOLE + path, headers);
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws Exception {
        return Http.send(application, "POST", CONSOLE + path, body, headers);
    }

    private JsonObject state(String query, String... operator) throws Exception {
        HttpResponse<String> answer = get("/state?" + query, operator);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.createReader(new StringReader(answer.body())).readObject();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    // ---- Who sees it

    @ParameterizedTest
    @CsvSource({
        "'', text/html, Console of the channels",
        "/console.css, text/css, color-scheme",
        "/console.js, text/javascript, EventSource",
        "/state, application/json, memory"
    })
    void operatorSeesIt(String path, String type, String content) throws Exception {
        HttpResponse<String> answer = get(path, as("alice"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith(type);
        assertThat(answer.body()).contains(content);
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/console.css", "/console.js", "/state", "/stream"})
    void callerInAnotherRoleDoesNot(String path) throws Exception {
        assertThat(get(path, as("bob")).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console.css", "/console.js", "/state", "/stream"})
    void nobodyDoesNot(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(401);
    }

    /** The way of asking is the container's: a form, or a redirect to it. */
    @Test
    void personIsAskedWhoItIs() throws Exception {
        HttpResponse<String> answer = get("");
        assertThat(answer.body()).doesNotContain("Console of the channels");
        assertThat(answer.statusCode() + " " + answer.body() + header(answer, "Location"))
                .containsPattern("Who are you|login.html");
    }

    /** One that clients may come from, too. */
    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example.org",
        "Origin, https://app.example.org",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void pageOfAnotherOriginGetsNothing(String name, String value) throws Exception {
        String[] headers = as("alice", name, value, "X-Channels-Console", "1");
        for (String path : List.of("", "/console.js", "/state", "/stream")) {
            assertThat(get(path, headers).statusCode()).as(path).isEqualTo(403);
        }
        for (String path :
                List.of("/publish?channel=news", "/disconnect?id=1", "/forget?channel=news")) {
            assertThat(post(path, "x", headers).statusCode()).as(path).isEqualTo(403);
        }
    }

    @Test
    void whatActsIsAPostWithAHeaderOfItsOwn() throws Exception {
        String[] alice = as("alice");
        assertThat(post("/publish?channel=news", "x", alice).statusCode()).isEqualTo(403);
        assertThat(post("/disconnect?id=1", "", alice).statusCode()).isEqualTo(403);
        assertThat(get("/publish?channel=news", alice).statusCode()).isEqualTo(405);
        assertThat(get("/disconnect?id=1", alice).statusCode()).isEqualTo(405);
        assertThat(post("/state", "", alice).statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"bob, 403", "'', 401"})
    void onlyOperatorsAct(String user, int status) throws Exception {
        String[] header = {"X-Channels-Console", "1"};
        String[] headers = user.isEmpty() ? header : as(user, header);
        assertThat(post("/publish?channel=news", "x", headers).statusCode()).isEqualTo(status);
        assertThat(post("/disconnect?id=1", "", headers).statusCode()).isEqualTo(status);
        assertThat(post("/forget?channel=news", "", headers).statusCode()).isEqualTo(status);
    }

    // ---- Ways around it

    private String target(String path) {
        return application.getPath().replaceFirst("/$", "") + path;
    }

    private String request(String method, String path, String headers) {
        return (method + " " + target(path) + " HTTP/1.1\r\nHost: " + application.getAuthority())
                + ("\r\nConnection: close\r\n" + headers + "\r\n");
    }

    /** However it is spelt: what is asked for is served by exact paths, and judged there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/channels/console;x=1",
                "/channels/console/state;jsessionid=1",
                "/channels;/console/state",
                "/channels/console/%73tate",
                "/channels/console%2fstate",
                "/channels/console%5cstate",
                "/channels/./console/state",
                "/channels/x/../console/state",
                "/channels/x/%2e%2e/console/state",
                "/x/..;/channels/console/state",
                "//channels//console//state",
                "/channels/console/state/",
                "/channels/console/state%00",
                "/channels/console/state%20",
                "/channels/console/STATE",
                "/login.html/../channels/console/state",
                "/channels/console/state?view=clients&view=channels",
                "/channels/console/state?%",
                "/channels/console/stream?tail=%23bob"
            })
    void noSpellingOfItsPathsShowsAnythingToOthers(String path) throws Exception {
        String bob = "Cookie: " + as("bob")[1] + "\r\n";
        for (String headers : List.of("", bob)) {
            try (RawClient client = RawClient.connect(application)) {
                client.send(request("GET", path, headers));
                assertThat(new String(client.read(200_000), StandardCharsets.ISO_8859_1))
                        .doesNotContain("Console of the channels", "\"phase\"", "event: state")
                        .doesNotStartWith("HTTP/1.1 5");
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly|payara")
    void bodyWithoutEndIsRefusedWhereItIsTooLong() throws Exception {
        String headers =
                ("Cookie: " + as("alice")[1] + "\r\nX-Channels-Console: 1\r\n")
                        + "Transfer-Encoding: chunked\r\n";
        String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
        try (RawClient client = RawClient.connect(application)) {
            client.send(request("POST", "/channels/console/publish?channel=news", headers));
            client.send(chunk.repeat(9));
            assertThat(client.status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "bob, 403"})
    void whoMayNotActIsToldSoBeforeTheBody(String user, int status) throws Exception {
        String cookie = user.isEmpty() ? "" : "Cookie: " + as(user)[1] + "\r\n";
        try (RawClient client = RawClient.connect(application)) {
            client.send(
                    request(
                            "POST",
                            "/channels/console/publish?channel=news",
                            cookie + "X-Channels-Console: 1\r\nContent-Length: 5\r\n"));
            assertThat(client.status()).isEqualTo(status);
        }
    }

    @Test
    void operatorsAreFewAndTheirPlacesAreGivenBack() throws Exception {
        String[] operator = operator();
        List<SseClient> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                // Not all at once: GlassFish 7 denies some of them their role then.
                SseClient client = stream("", operator);
                crowd.add(client);
                assertThat(client.status()).isIn(200, 503);
            }
            List<SseClient> refused =
                    crowd.stream().filter(client -> client.status() != 200).toList();
            // A stream of another test may still have a place.
            assertThat(refused).hasSizeBetween(8, 16);
            for (SseClient client : refused) {
                assertThat(client.headers().firstValue("Retry-After")).isPresent();
            }
            assertThat(state("", operator).toString()).contains("\"news\"");
        } finally {
            crowd.forEach(SseClient::close);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            try (SseClient again = stream("", operator)) {
                                return again.status() == 200;
                            }
                        });
    }

    /** A state and fifty events wait for it at the most, until it is ended. */
    @Test
    void operatorWhoDoesNotReadCostsLittleAndIsEnded() throws Exception {
        String[] operator = operator();
        await().atMost(Duration.ofSeconds(30)).until(() -> number("connections") == 0);
        long before = number("heap");
        String evenLargerAsJson = "<".repeat(10_000);
        try (StuckReader stuck =
                StuckReader.connect(
                        application,
                        CONSOLE + "/stream?tail=news",
                        "Cookie",
                        operator[operator.length - 1])) {
            // Open Liberty lets a thread that writes go after its write timeout.
            await().atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(500))
                    .until(
                            () -> {
                                for (int i = 0; i < 60; i++) {
                                    post("/publish?channel=news", evenLargerAsJson, operator);
                                }
                                assertThat(number("heap")).isLessThan(before + LITTLE);
                                return stuck.isDisconnected();
                            });
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> number("connections") == 0);
        assertThat(number("subscribers")).isLessThanOrEqualTo(1);
    }

    private long number(String what) throws Exception {
        return Long.parseLong(Http.get(application, "load/" + what).body());
    }

    @Test
    void streamEndsWithTheSessionOfTheOperator() throws Exception {
        LoggedInUser alice = LoggedInUser.login(application, "alice", "alice");
        try (SseClient stream = stream("", "Cookie", alice.cookie())) {
            assertThat(stream.status()).isEqualTo(200);
            alice.send("DELETE", "user", "");
            await().atMost(Duration.ofSeconds(10)).until(stream::isEnded);
        }
    }

    @Test
    void whatOperatorsSendIsNotLogged() throws Exception {
        String[] operator = operator();
        String payload = "payload-" + UUID.randomUUID();
        assertThat(post("/publish?channel=news", payload, operator).statusCode()).isEqualTo(200);
        assertThat(get("/stream?tail=none%0AFORGED", operator).statusCode()).isEqualTo(404);
        assertThat(post("/disconnect?id=1%0AFORGED", "", operator).statusCode()).isEqualTo(404);
        eventually(
                () ->
                        assertThat(ServerLog.lines())
                                .anyMatch(line -> line.contains("has published a test event")));
        String cookie = operator[operator.length - 1];
        assertThat(ServerLog.lines())
                .noneMatch(line -> line.contains(payload))
                .noneMatch(line -> line.startsWith("FORGED"))
                .noneMatch(line -> line.contains(cookie));
    }

    // ---- What it shows, and does

    private String[] operator() throws Exception {
        String origin = application.toString().replaceFirst("^(https?://[^/]+).*", "$1");
        return as("alice", "X-Channels-Console", "1", "Origin", origin);
    }

    private SseClient stream(String query, String... operator) {
        // One header only: the cookie.
        return SseClient.open(
                application,
                CONSOLE + "/stream?" + query,
                operator[operator.length - 2],
                operator[operator.length - 1]);
    }

    private static List<String> told(SseClient stream, String name) {
        return stream.events().stream()
                .filter(event -> event.name().equals(name))
                .map(SseClient.Event::data)
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }

    @Test
    void channelsAndClientsAreShown() throws Exception {
        String[] operator = operator();
        try (Client client = Client.connect(application, "open");
                SseClient reader =
                        SseClient.connect(
                                application,
                                "connection/sse?channel=order-1&channel=open",
                                as("bob"))) {
            assertThat(reader.status()).isEqualTo(200);
            eventually(
                    () -> {
                        String channels = state("search=ORDER", operator).toString();
                        assertThat(channels).contains("\"order-1\"", "\"subscribers\":1");
                        String clients = state("view=clients&search=bob", operator).toString();
                        assertThat(clients).contains("\"door\":\"sse\"", "[\"open\",\"order-1\"]");
                    });
            assertThat(state("view=clients&search=open", operator).getInt("found"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(client.isClosed()).isFalse();
        }
        assertThat(state("", operator).toString()).contains("\"news\"", "\"secret\"");
    }

    @Test
    void streamBringsAStateEachSecondAndWhatIsPublished() throws Exception {
        String[] operator = operator();
        try (SseClient stream = stream("tail=news", operator)) {
            assertThat(stream.status()).isEqualTo(200);
            eventually(() -> assertThat(told(stream, "tail")).hasSize(1));
            assertThat(told(stream, "tail").get(0)).contains("\"payloads\":true");
            eventually(
                    () -> {
                        HttpResponse<String> answer =
                                post("/publish?channel=news", "<b>test</b>", operator);
                        assertThat(answer.statusCode()).isEqualTo(200);
                        assertThat(told(stream, "tail"))
                                .anyMatch(it -> it.contains("\\u003cb\\u003etest"));
                    });
            eventually(() -> assertThat(told(stream, "state")).hasSizeGreaterThan(2));
            eventually(
                    () ->
                            assertThat(state("search=news", operator).toString())
                                    .doesNotContain("\"kept\":null", "\"kept\":0"));
        }
    }

    @Test
    void payloadsAreShownWhereThePolicyDoes() throws Exception {
        try (SseClient stream = stream("tail=%23bob", operator())) {
            eventually(
                    () -> {
                        Http.put(application, "user?user=bob&data=for-bob-only");
                        assertThat(told(stream, "tail")).hasSizeGreaterThan(1);
                    });
            assertThat(told(stream, "tail").get(0)).contains("\"payloads\":false");
            assertThat(told(stream, "tail").get(1)).contains("\"bytes\":").doesNotContain("only");
        }
    }

    @Test
    void whatThePolicyForbidsAnOperatorDoesNotDoEither() throws Exception {
        String[] operator = operator();
        assertThat(post("/publish?channel=open", "x", operator).statusCode()).isEqualTo(403);
        assertThat(post("/publish?channel=none", "x", operator).statusCode()).isEqualTo(404);
        assertThat(post("/publish?channel=", "x", operator).statusCode()).isEqualTo(404);
        assertThat(post("/publish?channel=news", "x".repeat(70_000), operator).statusCode())
                .isEqualTo(413);
        assertThat(get("/stream?tail=none", operator).statusCode()).isEqualTo(404);
    }

    @Test
    void historyIsDeleted() throws Exception {
        String[] operator = operator();
        assertThat(post("/publish?channel=news", "x", operator).statusCode()).isEqualTo(200);
        eventually(
                () ->
                        assertThat(state("search=news", operator).toString())
                                .doesNotContain("\"kept\":null", "\"kept\":0"));
        assertThat(post("/forget?channel=news", "", operator).statusCode()).isEqualTo(200);
        eventually(
                () -> assertThat(state("search=news", operator).toString()).contains("\"kept\":0"));
        assertThat(post("/forget?channel=none", "", operator).statusCode()).isEqualTo(404);
    }

    @Test
    void clientIsSentAway() throws Exception {
        String[] operator = operator();
        try (Client client = Client.connect(application, "secret", as("bob"))) {
            String[] id = new String[1];
            eventually(
                    () -> {
                        JsonObject found = state("view=clients&search=secret", operator);
                        assertThat(found.getInt("found")).isEqualTo(1);
                        id[0] = found.getJsonArray("rows").getJsonObject(0).getString("id");
                    });
            assertThat(post("/disconnect?id=" + id[0], "", operator).statusCode()).isEqualTo(200);
            assertThat(client.awaitClose()).isEqualTo(1008);
            assertThat(post("/disconnect?id=" + id[0], "", operator).statusCode()).isEqualTo(404);
        }
    }

    // ---- In a browser

    @Test
    void pageShowsAndDoesIt() throws Exception {
        Optional<Path> executable = Chromium.executable();
        assumeTrue(executable.isPresent(), "Not tested: no Chromium or Chrome is on the PATH");
        String base = application.toString().replaceFirst("/?$", "/");
        try (Chromium browser = new Chromium(executable.get(), Path.of("target/console"));
                Page page = browser.open(URI.create(base + "login.html"))) {
            page.cookies(application, LoggedInUser.login(application, "alice", "alice").cookie());
            String named = URLEncoder.encode("order-" + EVIL, StandardCharsets.UTF_8);
            try (Page console = browser.open(URI.create(base + CONSOLE));
                    SseClient reader =
                            SseClient.connect(application, "connection/sse?channel=" + named);
                    Client client = Client.connect(application, "secret")) {
                assertThat(reader.isEnded()).isFalse();
                inTheBrowser(console, client);
            }
        }
    }

    private static void inTheBrowser(Page page, Client client) throws Exception {
        eventually(() -> assertThat(page.text("#line")).isEqualTo("live"));
        eventually(() -> assertThat(page.text("#rows")).contains("news", "open", "secret"));
        assertThat(page.text("#numbers")).contains("memory", "up", "open");
        eventually(() -> assertThat(page.text("#rows")).contains("order-" + EVIL));

        page.type("#search", "NEW");
        eventually(() -> assertThat(page.text("#rows")).contains("news").doesNotContain("open"));
        page.evaluate("document.querySelector('#rows button').click()");
        eventually(() -> assertThat(page.text("#panel-note")).startsWith("Events as they come"));
        page.submit("#publish", "payload", EVIL);
        eventually(() -> assertThat(page.text("#outcome")).contains("accepted"));
        eventually(() -> assertThat(page.text("#tail pre")).isEqualTo(EVIL));
        page.evaluate("document.querySelector('#forget').click()");
        assertThat(page.text("#forget")).isEqualTo("Sure?");
        page.evaluate("document.querySelector('#forget').click()");
        eventually(() -> assertThat(page.text("#forgotten")).isEqualTo("It is deleted."));
        eventually(() -> assertThat(page.text("#tail")).contains("Events are lost"));
        page.evaluate("document.querySelector('#close').click()");

        page.evaluate("document.querySelector('#show-clients').click()");
        page.type("#search", "secret");
        eventually(() -> assertThat(page.text("#rows")).contains("anonymous", "plain"));
        page.evaluate("document.querySelector('.act-small').click()");
        assertThat(page.text(".act-small")).isEqualTo("Sure?");
        page.evaluate("document.querySelector('.act-small').click()");
        assertThat(client.awaitClose()).isEqualTo(1008);
        eventually(() -> assertThat(page.text("#nothing")).contains("Nothing"));

        page.resize(390, 844);
        page.evaluate("document.querySelector('#show-channels').click()");
        page.type("#search", "");
        eventually(() -> assertThat(page.text("#rows")).contains("news", "open"));
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo("390");
        assertThat(page.evaluate("document.title")).isEqualTo("Console of the channels");
        assertThat(page.evaluate("document.querySelectorAll('#rows img').length")).isEqualTo("0");
        assertThat(page.errors()).isEmpty();
    }
}
