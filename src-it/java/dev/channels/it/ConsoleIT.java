package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.demo.Chromium;
import dev.channels.demo.Page;
import dev.channels.it.identity.FormLogin;
import dev.channels.it.identity.UserServlet;
import dev.channels.it.identity.Users;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.LoggedInUser;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.Wars;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console for operators: who sees it, what it shows, what it does. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class ConsoleIT {

    private static final String CONSOLE = "channels/console";

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
                        "channels.allowed-origins=same-origin,https://app.example.org",
                        "channels.policy.news.channels=news",
                        "channels.policy.news.publish=admin")
                .addClasses(FormLogin.class, Users.class, UserServlet.class)
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
            try (Page console = browser.open(URI.create(base + CONSOLE));
                    Client client = Client.connect(application, "secret")) {
                inTheBrowser(console, client);
            }
        }
    }

    private static void inTheBrowser(Page page, Client client) throws Exception {
        eventually(() -> assertThat(page.text("#line")).isEqualTo("live"));
        eventually(() -> assertThat(page.text("#rows")).contains("news", "open", "secret"));
        assertThat(page.text("#numbers")).contains("memory", "up", "open");

        page.type("#search", "NEW");
        eventually(() -> assertThat(page.text("#rows")).contains("news").doesNotContain("open"));
        page.evaluate("document.querySelector('#rows button').click()");
        eventually(() -> assertThat(page.text("#panel-note")).startsWith("Events as they come"));
        String evil = "<img src=x onerror=\"document.title = 'taken over'\">";
        page.submit("#publish", "payload", evil);
        eventually(() -> assertThat(page.text("#outcome")).contains("accepted"));
        eventually(() -> assertThat(page.text("#tail pre")).isEqualTo(evil));
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
        assertThat(page.errors()).isEmpty();
    }
}
