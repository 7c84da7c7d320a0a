package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.channels.demo.Chromium;
import dev.channels.demo.Page;
import dev.channels.it.identity.BasicLogin;
import dev.channels.it.identity.FormLogin;
import dev.channels.it.identity.NotBob;
import dev.channels.it.identity.TokenLogin;
import dev.channels.it.identity.UserServlet;
import dev.channels.it.identity.Users;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.LoggedInUser;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Visit;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in to what, on paths that nothing protects but the policies. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IdentityIT {

    private static final int PER_CALLER = 15;
    private static final int PER_ADDRESS = 60;
    private static final int MAX_CHANNELS = 6;
    private static final int MAX_PUBLISHES = 20;
    private static final int MAX = 40;

    /** What the build prints of the matrix. */
    private static final List<String> MATRIX = new ArrayList<>();

    @ArquillianResource
    @OperateOnDeployment("basic")
    private URI application;

    @ArquillianResource
    @OperateOnDeployment("form")
    private URI forms;

    @Deployment(name = "basic", testable = false)
    static WebArchive war() {
        return war(
                        "identity",
                        "channels.max-connections-per-caller=" + PER_CALLER,
                        "channels.max-connections-per-address=" + PER_ADDRESS,
                        "channels.max-channels=" + MAX_CHANNELS,
                        "channels.client-max-publishes-per-second=" + MAX_PUBLISHES)
                .addClass(BasicLogin.class)
                // Payara knows roles that are declared only.
                .setWebXML(webXml(""));
    }

    @Deployment(name = "form", testable = false)
    static WebArchive formWar() {
        return war("identity-form", "channels.max-connections=" + MAX)
                .addClass(FormLogin.class)
                .addAsWebResource(new StringAsset("<title>Who are you?</title>"), "login.html")
                .setWebXML(
                        webXml(
                                "<security-constraint><web-resource-collection>"
                                        + "<web-resource-name>private</web-resource-name>"
                                        + "<url-pattern>/private/*</url-pattern>"
                                        + "</web-resource-collection><auth-constraint>"
                                        + "<role-name>user</role-name></auth-constraint>"
                                        + "</security-constraint>"
                                        + "<security-role><role-name>user</role-name>"
                                        + "</security-role>"));
    }

    private static WebArchive war(String name, String... more) {
        List<String> lines = new ArrayList<>(List.of(more));
        lines.addAll(
                List.of(
                        "channels.names=open,known,admins,nobody,not-bob,with blank",
                        "channels.create-ws-route-handlers=true",
                        "channels.client-endpoint=true",
                        "channels.sse-endpoint=true",
                        "channels.memory.history=10",
                        "channels.policy.known.channels=known,with blank",
                        "channels.policy.known.subscribe=**",
                        "channels.policy.admins.channels=admins",
                        "channels.policy.admins.subscribe=admin",
                        "channels.policy.nobody.channels=nobody",
                        "channels.policy.nobody.subscribe=deny-all"));
        return Wars.war(name, lines.toArray(String[]::new))
                .addClasses(Users.class, NotBob.class, TokenLogin.class, UserServlet.class);
    }

    private static StringAsset webXml(String more) {
        return new StringAsset(
                "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.0'>"
                        + more
                        + "<security-role><role-name>admin</role-name></security-role></web-app>");
    }

    @AfterAll
    static void printMatrix() {
        System.out.println(
                "Who is let in to a channel for admins ("
                        + System.getProperty("arquillian.launch")
                        + "):\n"
                        + String.join("\n", MATRIX));
    }

    @ParameterizedTest
    @CsvSource({
        "open, , 101",
        "open, bob, 101",
        "known, , 401",
        "known, bob, 101",
        "known, alice, 101",
        "with%20blank, , 401",
        "with%20blank, bob, 101",
        "with%20blank;jsessionid=1, , 401",
        "%6Bnown, , 401",
        "admins, , 401",
        "admins, bob, 403",
        "admins, alice, 101",
        "adm%69ns, bob, 403",
        "nobody, , 401",
        "nobody, alice, 403",
        "not-bob, alice, 101",
        "not-bob, bob, 403"
    })
    void callerIsLetInToWhatPoliciesAndBeansPermit(String path, String user, int status)
            throws Exception {
        assertThat(status(application, path, basic(user, user))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"known", "admins"})
    void wrongPasswordIsNoWayIn(String path) throws Exception {
        assertThat(status(application, path, basic("alice", "guess"))).isEqualTo(401);
    }

    // ---- The matrix: mechanism, caller, and what each door says

    @ParameterizedTest
    @CsvSource({
        "BASIC, , 401, error 103, 401",
        "BASIC, bob, 403, error 103, 403",
        "BASIC, alice, 101, in, 200",
        "FORM, , 401, error 103, 401",
        "FORM, bob, 403, error 103, 403",
        "FORM, alice, 101, in, 200",
        "FORM, logged out, 401, error 103, 401"
    })
    void eachDoorJudgesTheCallerOfTheContainer(
            String mechanism, String user, String plain, String client, String sse)
            throws Exception {
        URI at = mechanism.equals("BASIC") ? application : forms;
        String[] headers = mechanism.equals("BASIC") ? basic(user, user) : cookieOf(user);
        String[] seen = {
            Integer.toString(status(at, "admins", headers)),
            answerOfClientEndpoint(at, "", "admins", headers),
            Integer.toString(sseStatus(at, "admins", headers))
        };
        note(mechanism, user, seen);
        assertThat(seen).containsExactly(plain, client, sse);
    }

    @ParameterizedTest
    @CsvSource({"bob/user/60, error 103", "alice/admin/60, in", "alice/admin/-1, error 109"})
    void theClientEndpointJudgesTheCallerOfTheToken(String token, String client) throws Exception {
        String seen = answerOfClientEndpoint(application, token, "admins");
        note("token by bean", token, "-", seen, "-");
        assertThat(seen).isEqualTo(client);
    }

    private static void note(String mechanism, String user, String... seen) {
        MATRIX.add(
                String.format(
                        "  %-13s  %-14s  plain %-3s  client endpoint %-9s  SSE %s",
                        mechanism, user == null ? "nobody" : user, seen[0], seen[1], seen[2]));
    }

    private String[] cookieOf(String user) throws Exception {
        if (user == null) {
            return new String[0];
        }
        boolean loggedOut = user.equals("logged out");
        LoggedInUser browser =
                LoggedInUser.login(forms, loggedOut ? "alice" : user, loggedOut ? "alice" : user);
        String cookie = browser.cookie();
        if (loggedOut) {
            browser.send("DELETE", "user", "");
        }
        return new String[] {"Cookie", cookie};
    }

    @Test
    void theEndOfASessionEndsItsConnections() throws Exception {
        LoggedInUser browser = LoggedInUser.login(forms, "alice", "alice");
        try (Client client = Client.connect(forms, "admins", "Cookie", browser.cookie())) {
            assertThat(browser.send("DELETE", "user", "").statusCode()).isEqualTo(200);
            assertThat(client.awaitClose()).isPositive();
        }
    }

    @Test
    void theEndOfASessionEndsItsConnectionsAtEveryDoor() throws Exception {
        LoggedInUser browser = LoggedInUser.login(forms, "alice", "alice");
        String[] cookie = {"Cookie", browser.cookie()};
        try (Client plain = Client.connect(forms, "admins", cookie);
                JsonClient client = JsonClient.open(forms, cookie);
                SseClient reader =
                        SseClient.connect(forms, "connection/sse?channel=admins", cookie)) {
            client.says(Visit.connect("")).awaits("{\"id\":1,\"connect\"");
            long begin = System.nanoTime();
            browser.send("DELETE", "user", "");
            assertThat(plain.awaitClose()).isPositive();
            assertThat(client.awaitClose()).isPositive();
            await().until(reader::isEnded);
            MATRIX.add(
                    "  After the logout all doors were closed within "
                            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
                            + " ms");
        }
    }

    @Test
    void theApplicationEndsAUserAtEveryDoor() throws Exception {
        String[] headers = basic("alice", "alice");
        try (Client plain = Client.connect(application, "admins", headers);
                JsonClient client = JsonClient.open(application, headers);
                SseClient reader =
                        SseClient.connect(application, "connection/sse?channel=admins", headers);
                Client bob = Client.connect(application, "known", basic("bob", "bob"))) {
            client.says(Visit.connect("")).awaits("{\"id\":1,\"connect\"");
            Http.request(application, "DELETE", "user?end=alice");
            assertThat(plain.awaitClose()).isEqualTo(1008);
            assertThat(client.awaitClose()).isEqualTo(3005);
            await().until(reader::isEnded);
            assertThat(bob.isClosed()).isFalse();
        }
    }

    // ---- Ways around a policy

    /** Names are exact; none of these is another spelling of the channel that is kept. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Admins",
                "ADMINS",
                "admins ",
                " admins",
                "admins*",
                "*",
                "admins\u200b",
                "\uff41dmins",
                "adm\u0131ns",
                "adm\u0456ns",
                "admin\u017f",
                "a\u0308dmins"
            })
    void noOtherSpellingIsTheChannel(String name) throws Exception {
        String[] bob = basic("bob", "bob");
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(answerOfClientEndpoint(application, "", name, bob)).isEqualTo("error 102");
        assertThat(sseStatus(application, encoded, bob)).isEqualTo(404);
        assertThat(status(application, encoded, bob)).isEqualTo(404);
    }

    @Test
    void noCommandGetsAroundThePolicyOfAChannel() throws Exception {
        String channel = "{\"channel\":\"admins\"";
        try (JsonClient alice = JsonClient.open(application, basic("alice", "alice"));
                SseClient reader =
                        SseClient.connect(
                                application,
                                "connection/sse?channel=admins",
                                basic("alice", "alice"));
                JsonClient bob = JsonClient.open(application, basic("bob", "bob"))) {
            alice.says(Visit.connect(""), Visit.subscribe("admins"))
                    .awaits("{\"id\":2,\"subscribe\"");
            Http.put(application, "user?channel=admins&data=secret-1");
            alice.awaits("secret-1");
            reader.awaits(1);
            String epoch =
                    alice.lines("\"epoch\"")
                            .get(0)
                            .replaceFirst(".*\"epoch\":\"([^\"]+)\".*", "$1");
            bob.says(
                    Visit.connect(""),
                    "{\"id\":2,\"subscribe\":%s,\"recover\":true,\"offset\":0,\"epoch\":\"%s\"}}"
                            .formatted(channel, epoch),
                    "{\"id\":3,\"history\":" + channel + ",\"limit\":-1}}",
                    "{\"id\":4,\"presence\":" + channel + "}}",
                    "{\"id\":5,\"presence_stats\":" + channel + "}}",
                    "{\"id\":6,\"publish\":" + channel + ",\"data\":1}}",
                    "{\"id\":7,\"sub_refresh\":" + channel + ",\"token\":\"x\"}}",
                    "{\"id\":8,\"unsubscribe\":" + channel + "}}",
                    "{\"id\":9,\"history\":" + channel + ",\"limit\":-1}}",
                    "{\"id\":10,\"subscribe\":{\"channel\":\"known\"}}");
            bob.awaits("{\"id\":10,\"subscribe\"");
            for (int id : new int[] {2, 3, 4, 5, 6, 7, 9}) {
                assertThat(bob.lines("{\"id\":" + id + ",\"error\""))
                        .as("command " + id)
                        .hasSize(1);
            }
            String[] basic = basic("bob", "bob");
            try (SseClient back =
                    SseClient.open(
                            application,
                            "connection/sse?channel=known&channel=admins",
                            basic[0],
                            basic[1],
                            "Last-Event-ID",
                            reader.lastId())) {
                assertThat(back.status()).isEqualTo(403);
            }
            Http.put(application, "user?channel=admins&data=secret-2");
            alice.awaits("secret-2");
            Http.put(application, "user?channel=known&data=for-all");
            bob.awaits("for-all");
            assertThat(bob.lines("secret")).isEmpty();
        }
    }

    // ---- A page of another origin

    /** What any page can try; by the name of the host the cookie goes to every port of it. */
    private static final String ATTEMPTS =
            """
            (async () => {
              const base = '%s';
              const answer = source => new Promise(done => {
                source.onopen = () => { done('open'); source.close(); };
                source.onerror = () => { done('refused'); source.close(); };
              });
              const socket = path => answer(new WebSocket(base.replace('http', 'ws') + path));
              const sse = base + 'connection/sse?channel=admins';
              const events = () => answer(new EventSource(sse, { withCredentials: true }));
              const fetched = () => fetch(sse, { credentials: 'include' }).then(
                response => { response.body.cancel(); return response.ok ? 'open' : 'refused'; },
                () => 'refused');
              await fetch(base + 'private/user?note', { credentials: 'include', mode: 'no-cors' });
              globalThis.answers = [await socket('admins'), await socket('connection/websocket'),
                await events(), await fetched()].join();
            })()
            """;

    private static final String LOGIN =
            """
            (async () => {
              await fetch('private/user', { cache: 'no-store' });
              const form = new URLSearchParams({ j_username: 'alice', j_password: 'alice' });
              await fetch('j_security_check', { method: 'POST', body: form });
              const known = await fetch('private/user', { cache: 'no-store' });
              globalThis.answers = await known.text();
            })()
            """;

    @Test
    void aPageOfAnotherOriginGetsNothingByTheCookieOfItsVictim() throws Exception {
        Optional<Path> executable = Chromium.executable();
        assumeFalse(TestedServer.isGlassFish(), "Not tried on GlassFish");
        assumeTrue(executable.isPresent(), "Not tested: no Chromium or Chrome is on the PATH");
        String attempts = ATTEMPTS.formatted(forms.toString().replaceFirst("/?$", "/"));
        HttpServer site = otherSite(forms.getHost());
        try (Chromium browser = new Chromium(executable.get(), Path.of("target/other-origin"))) {
            try (Page own = opened(browser, forms + "/login.html")) {
                assertThat(answers(own, LOGIN)).isEqualTo("alice");
                assertThat(answers(own, attempts)).isEqualTo("open,open,open,open");
            }
            Http.get(forms, "user?note");
            String other = "http://" + forms.getHost() + ":" + site.getAddress().getPort() + "/";
            try (Page page = opened(browser, other)) {
                assertThat(answers(page, attempts)).isEqualTo("refused,refused,refused,refused");
            }
            // It was not for want of the cookie.
            assertThat(Http.get(forms, "user?noted").body()).isEqualTo("alice");
        } finally {
            site.stop(0);
        }
    }

    private static HttpServer otherSite(String host) throws IOException {
        HttpServer site = HttpServer.create(new InetSocketAddress(host, 0), 0);
        site.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Content-Type", "text/html");
                    byte[] page = "<title>Win a car</title>".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        site.start();
        return site;
    }

    private static Page opened(Chromium browser, String address) {
        Page page = browser.open(URI.create(address.replaceAll("(?<!:)//", "/")));
        await().until(
                        () ->
                                page.evaluate("document.readyState + ' ' + document.title")
                                        .matches("complete .+"));
        return page;
    }

    /** Runs a script that leaves its answers behind. */
    private static String answers(Page page, String script) {
        page.evaluate("delete globalThis.answers, void " + script);
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> page.evaluate("globalThis.answers ?? ''"), it -> !it.isEmpty());
    }

    // ---- Channels of users

    @Test
    void onlyTheUserReadsHisOwnChannel() throws Exception {
        assertThat(answerOfClientEndpoint(application, "", "#alice", basic("bob", "bob")))
                .isEqualTo("error 103");
        assertThat(answerOfClientEndpoint(application, "", "#alice")).isEqualTo("error 103");
        assertThat(sseStatus(application, "%23alice", basic("bob", "bob"))).isEqualTo(403);
        assertThat(sseStatus(application, "%23alice")).isEqualTo(401);
        try (JsonClient alice = JsonClient.open(application, basic("alice", "alice"));
                SseClient reader =
                        SseClient.connect(
                                application,
                                "connection/sse?channel=%23alice",
                                basic("alice", "alice"));
                JsonClient bob = JsonClient.open(application, basic("bob", "bob"))) {
            alice.says(Visit.connect(""), Visit.subscribe("#alice"))
                    .awaits("{\"id\":2,\"subscribe\"");
            bob.says(Visit.connect(""), Visit.subscribe("#bob")).awaits("{\"id\":2,\"subscribe\"");
            await().untilAsserted(
                            () -> {
                                Http.put(application, "user?user=alice&data=1");
                                assertThat(reader.data()).contains("1");
                            });
            alice.awaits("\"data\":1");
            Http.put(application, "user?user=bob&data=2");
            bob.awaits("\"data\":2");
            assertThat(bob.lines("\"data\":1")).isEmpty();
            assertThat(alice.lines("\"data\":2")).isEmpty();
        }
    }

    // ---- Limits: each is reached, and left again

    @Test
    @Order(Integer.MAX_VALUE - 2)
    void aCallerHasSoManyConnectionsAndNoMore() throws Exception {
        reachedAndLeft(application, PER_CALLER, 429, "known", basic("bob", "bob"));
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void clientsBringSoManyChannelsIntoBeingAndNoMore() {
        List<JsonClient> clients = new ArrayList<>();
        try {
            JsonClient last;
            do {
                String name = "user-" + clients.size();
                last = JsonClient.open(application);
                clients.add(last);
                last.says(Visit.connect(name + "/user/600"), Visit.subscribe("#" + name))
                        .awaits("{\"id\":2,");
            } while (last.lines("{\"id\":2,\"error\":{\"code\":111,").isEmpty());
            assertThat(clients.size()).isLessThanOrEqualTo(MAX_CHANNELS + 1);
            assertThat(last.lines("\"temporary\":true")).hasSize(1);
            clients.remove(0).close();
            JsonClient waiting = last;
            String own = "#user-" + clients.size();
            await().untilAsserted(
                            () -> {
                                waiting.says(Visit.subscribe(own));
                                assertThat(waiting.lines("{\"id\":2,\"subscribe\"")).isNotEmpty();
                            });
        } finally {
            clients.forEach(JsonClient::close);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void anAddressHasSoManyConnectionsAndNoMore() throws Exception {
        reachedAndLeft(application, PER_ADDRESS, 429, "open");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void anApplicationHasSoManyConnectionsAndNoMore() throws Exception {
        reachedAndLeft(forms, MAX, 503, "open");
    }

    /** One that comes before the one before it is counted is let in, and closed at once. */
    private static void reachedAndLeft(
            URI application, int limit, int refusal, String channel, String... headers)
            throws Exception {
        Visit visit = new Visit(application);
        List<RawClient> open = new ArrayList<>();
        try {
            int status;
            do {
                RawClient client = RawClient.connect(application);
                open.add(client);
                status = client.send(visit.handshake(channel, headers)).status();
            } while (status == 101 && open.size() < 2 * limit);
            for (String door : visit.doors(channel)) {
                assertThat(visit.head(door, headers))
                        .as(door)
                        .startsWith("HTTP/1.1 " + refusal)
                        .containsIgnoringCase("\r\nRetry-After: 5\r\n");
            }
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
        for (String door : visit.doors(channel)) {
            await(door).until(() -> visit.head(door, headers).matches("(?s)HTTP/1.1 (101|200).*"));
        }
    }

    @Test
    void aClientSendsSoManyCommandsASecondAndNoMore() {
        try (JsonClient client = JsonClient.open(application)) {
            client.says(Visit.connect("")).awaits("{\"id\":1,\"connect\"");
            client.says(
                    IntStream.range(2, 452).mapToObj(Visit::unsubscribe).toArray(String[]::new));
            client.awaits("\"error\":{\"code\":111,");
            assertThat(client.lines("\"error\"")).allMatch(it -> it.contains("\"temporary\":true"));
            await().untilAsserted(
                            () -> {
                                client.says(Visit.unsubscribe(1000));
                                assertThat(client.lines("{\"id\":1000,\"unsubscribe\""))
                                        .isNotEmpty();
                            });
        }
    }

    /** Its other commands are taken meanwhile. */
    @Test
    void aClientPublishesSoMuchASecondAndNoMore() {
        String publish = "{\"id\":%d,\"publish\":{\"channel\":\"open\",\"data\":1}}";
        try (JsonClient client = JsonClient.open(application)) {
            client.says(Visit.connect("")).awaits("{\"id\":1,\"connect\"");
            // More than are given back meanwhile, and fewer than a flood.
            client.says(
                    IntStream.range(2, 2 + MAX_PUBLISHES * 7 / 4)
                            .mapToObj(publish::formatted)
                            .toArray(String[]::new));
            client.awaits("\"error\":{\"code\":111,");
            client.says(Visit.unsubscribe(100)).awaits("{\"id\":100,\"unsubscribe\"");
            await().untilAsserted(
                            () -> {
                                client.says(publish.formatted(1000));
                                assertThat(client.lines("{\"id\":1000,\"error\":{\"code\":103,"))
                                        .isNotEmpty();
                            });
        }
    }

    // ---- What is secret

    /** With the library's own log at its finest, where the server lets an application say so. */
    @Test
    void nothingSecretIsLogged() throws Exception {
        String secret = "s3cr3t" + Long.toString(System.nanoTime(), 36);
        LoggedInUser browser = LoggedInUser.login(forms, "alice", "alice");
        String cookie = browser.cookie();
        Http.put(application, "user?log=ALL");
        try {
            for (String path :
                    List.of("admins", "connection/websocket", "connection/sse?channel=admins")) {
                tries(application, path, secret);
                tries(forms, path, secret);
            }
            saysSecrets(secret);
            Http.put(application, "user?channel=open&data=" + secret);
            Http.put(application, "user?user=alice&data=" + secret);
            try (Client client = Client.connect(forms, "admins", "Cookie", cookie)) {
                assertThat(client.isClosed()).isFalse();
                browser.send("DELETE", "user", "");
            }
            // Its failures are a line of the log, so that this is the log.
            assertThat(answerOfClientEndpoint(application, "alice/admin/" + secret, "admins"))
                    .isEqualTo("error 100");
            await().untilAsserted(
                            () ->
                                    assertThat(ServerLog.lines())
                                            .anyMatch(
                                                    it -> it.contains(TokenLogin.class.getName())));
        } finally {
            Http.put(application, "user?log=INFO");
        }
        assertThat(ServerLog.lines()).noneMatch(line -> line.contains(secret));
        for (String pair : cookie.split("; ", -1)) {
            String value = pair.substring(pair.indexOf('=') + 1);
            assertThat(ServerLog.lines()).noneMatch(line -> line.contains(value));
        }
    }

    private static void tries(URI at, String path, String secret) throws Exception {
        for (String authorization : List.of(basic("alice", secret)[1], "Bearer " + secret)) {
            String request =
                    RawClient.handshake(
                            at,
                            at.getPath().replaceFirst("/?$", "/") + path,
                            "Authorization: " + authorization,
                            "Cookie: JSESSIONID=" + secret + "; LtpaToken2=" + secret,
                            "Last-Event-ID: " + secret,
                            "Sec-WebSocket-Protocol: " + secret);
            String query = path.contains("?") ? "&" : "?";
            try (RawClient client = RawClient.connect(at)) {
                client.send(request.replace(path, path + query + "token=" + secret));
                assertThat(client.status()).isPositive();
            }
        }
    }

    /** What is refused, what fails, and what breaks the protocol. */
    private void saysSecrets(String secret) throws Exception {
        try (JsonClient client = JsonClient.open(application)) {
            client.says(Visit.connect("alice/user/600")).awaits("{\"id\":1,\"connect\"");
            client.says(
                            """
                            {"id":2,"subscribe":{"channel":"admins","token":"%1$s","data":"%1$s"}}
                            {"id":3,"publish":{"channel":"open","data":"%1$s"}}
                            {"id":4,"rpc":{"method":"%1$s","data":"%1$s"}}
                            {"id":5,"subscribe":{"channel":"open","token":"%1$s"}}
                            {"id":6,"sub_refresh":{"channel":"open","token":"%1$s"}}"""
                                    .formatted(secret))
                    .awaits("{\"id\":6,");
            client.says("{\"id\":7,\"publish\":{\"channel\":\"open\",\"data\":\"" + secret);
            assertThat(client.awaitClose()).isEqualTo(3501);
        }
        try (JsonClient client = JsonClient.open(application)) {
            client.says(Visit.connect("alice/user/600")).awaits("{\"id\":1,\"connect\"");
            client.says("{\"id\":2,\"refresh\":{\"token\":\"" + secret + "\"}}");
            client.awaits("{\"id\":2,\"error\"");
        }
    }

    // ---- What callers do

    private static String[] basic(String user, String password) {
        return user == null ? new String[0] : Visit.basic(user, password);
    }

    private static int status(URI application, String path, String... headers) throws Exception {
        return new Visit(application).plain(path, headers);
    }

    private static int sseStatus(URI application, String channel, String... headers) {
        return new Visit(application).sse(channel, headers);
    }

    /** Connects and subscribes; tells the first refusal, or that the client is in. */
    private static String answerOfClientEndpoint(
            URI application, String token, String channel, String... headers) {
        return new Visit(application).client(token, channel, headers);
    }
}
