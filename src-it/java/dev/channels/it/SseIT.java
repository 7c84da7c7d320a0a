package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.demo.Chromium;
import dev.channels.demo.Page;
import dev.channels.it.identity.BasicLogin;
import dev.channels.it.identity.Users;
import dev.channels.it.sse.SseResource;
import dev.channels.testkit.Http;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.SseClient.Event;
import dev.channels.testkit.StuckReader;
import dev.channels.testkit.TcpProxy;
import dev.channels.testkit.Wars;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** Server-Sent Events of an application whose JAX-RS takes every path. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class SseIT {

    private static final String PATH = "connection/sse?";

    /** More than all buffers on the way to a client hold, and its backlog. */
    private static final int MANY = 160;

    private static final int LARGE = 64 * 1024;
    private static final int STEP = 8;

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "sse",
                        "channels.names=ticks,chat,resume,other,lines,binary,quiet,left,stuck,gap,"
                                + "with blank,cors,known,admins,session,jaxrs,curl,browser",
                        "channels.sse-endpoint=true",
                        "channels.sse-ping-interval=1s",
                        "channels.ws-send-timeout=8s",
                        "channels.allowed-origins=same-origin,https://app.example.org",
                        "channels.memory.history=1000",
                        "channels.policy.known.channels=known,session",
                        "channels.policy.known.subscribe=**",
                        "channels.policy.admins.channels=admins",
                        "channels.policy.admins.subscribe=admin")
                .addPackage(SseResource.class.getPackage())
                .addClasses(Users.class, BasicLogin.class)
                // Payara knows roles that are declared only.
                .setWebXML(
                        new StringAsset(
                                "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee'"
                                        + " version='6.0'><security-role>"
                                        + "<role-name>admin</role-name>"
                                        + "</security-role></web-app>"));
    }

    private void publish(String channel, int from, int to) throws Exception {
        publish(channel, from, to, 0);
    }

    private void publish(String channel, int from, int to, int size) throws Exception {
        HttpResponse<String> answer =
                Http.put(
                        application,
                        "do/publish?channel="
                                + channel
                                + "&from="
                                + from
                                + "&to="
                                + to
                                + "&size="
                                + size);
        assertThat(answer.statusCode()).isLessThan(300);
    }

    private void publish(String channel, String text) throws Exception {
        assertThat(Http.post(application, "do/publish?channel=" + channel, text).statusCode())
                .isLessThan(300);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    // ---- Events

    @Test
    void eventsOfSeveralChannelsComeInOneResponse() throws Exception {
        try (SseClient client =
                SseClient.connect(application, PATH + "channel=ticks&channel=with+blank")) {
            assertThat(client.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(
                            type ->
                                    assertThat(type.replace(" ", "").toLowerCase())
                                            .isEqualTo("text/event-stream;charset=utf-8"));
            assertThat(client.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(client.headers().firstValue("X-Accel-Buffering")).contains("no");
            client.awaitsId(2);
            publish("ticks", 1, 3);
            publish("with%20blank", "grüße");
            client.awaits(4);
            assertThat(client.data()).containsExactly("1", "2", "3", "grüße");
            assertThat(client.events().stream().map(Event::name))
                    .containsExactly("ticks", "ticks", "ticks", "with blank");
            assertThat(client.retries())
                    .singleElement()
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LONG)
                    .isBetween(1_000L, 3_000L);
        }
    }

    @Test
    void linesOfAnEventStayApart() throws Exception {
        try (SseClient client = SseClient.connect(application, PATH + "channel=lines")) {
            client.awaitsId();
            publish("lines", "one\n two\r\nthree\r\n");
            publish("lines", "");
            client.awaits(2);
            assertThat(client.data()).containsExactly("one\n two\nthree\n", "");
        }
    }

    @Test
    void eventThatIsNoTextIsLeftOut() throws Exception {
        int before = Integer.parseInt(Http.get(application, "do/skipped").body());
        try (SseClient client = SseClient.connect(application, PATH + "channel=binary")) {
            client.awaitsId();
            assertThat(Http.post(application, "do/binary?channel=binary", "").statusCode())
                    .isLessThan(300);
            publish("binary", 7, 7);
            client.awaits(1);
            assertThat(client.data()).containsExactly("7");
        }
        assertThat(Integer.parseInt(Http.get(application, "do/skipped").body()))
                .isEqualTo(before + 1);
    }

    @Test
    void burstComesWholeAndInOrder() throws Exception {
        List<SseClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(SseClient.connect(application, PATH + "channel=chat").awaitsId());
            }
            publish("chat", 1, 2000);
            for (SseClient client : clients) {
                assertThat(client.awaits(2000).data()).isEqualTo(numbers(1, 2000));
            }
        } finally {
            clients.forEach(SseClient::close);
        }
    }

    // ---- Coming back

    @Test
    void clientThatComesBackHasWhatItMissedOfEachChannel() throws Exception {
        String both = PATH + "channel=resume&channel=other";
        String id;
        try (SseClient client = SseClient.connect(application, both)) {
            client.awaitsId(2);
            publish("resume", 1, 2);
            publish("other", 1, 1);
            client.awaits(3);
            id = client.lastId();
        }
        publish("resume", 3, 500);
        publish("other", 2, 3);
        try (SseClient client = SseClient.connect(application, both, "Last-Event-ID", id)) {
            client.awaits(500);
            publish("resume", 501, 501);
            client.awaits(501);
            assertThat(ofChannel(client, "resume")).isEqualTo(numbers(3, 501));
            assertThat(ofChannel(client, "other")).isEqualTo(numbers(2, 3));
            // In the query, and not encoded, as the first request of a page would have it.
            id = client.lastId();
        }
        publish("other", 4, 4);
        try (SseClient client =
                SseClient.connect(application, both + "&lastEventId=" + id).awaits(1)) {
            assertThat(client.data()).containsExactly("4");
        }
        try (SseClient client =
                SseClient.connect(application, PATH + "channel=resume&history=2").awaits(2)) {
            assertThat(client.data()).containsExactly("500", "501");
        }
    }

    private static List<String> ofChannel(SseClient client, String name) {
        return client.events().stream()
                .filter(event -> event.name().equals(name))
                .map(Event::data)
                .toList();
    }

    @Test
    void clientIsToldWhatCannotBeMadeUpFor() throws Exception {
        try (SseClient client =
                SseClient.connect(
                        application, PATH + "channel=gap", "Last-Event-ID", "nowhere/gap:3")) {
            client.awaits(1);
            publish("gap", 1, 1);
            client.awaits(2);
            assertThat(client.events().stream().map(event -> event.name() + "=" + event.data()))
                    .containsExactly("gap=gap", "channel:gap=1");
        }
    }

    // ---- Who is let in

    @ParameterizedTest
    @CsvSource({
        "channel=ticks, GET, 200",
        "channel=ticks, HEAD, 200",
        "'', GET, 400",
        "channel=%FF, GET, 400",
        "channel=ticks&history=x, GET, 400",
        "channel=ticks&lastEventId=x, GET, 400",
        "channel=unknown, GET, 404",
        "channel=ticks&channel=unknown, GET, 404",
        "channel=ticks, POST, 405",
        "channel=ticks, OPTIONS, 204",
    })
    void requestIsAnswered(String query, String method, int status) throws Exception {
        assertThat(status(query, method)).isEqualTo(status);
    }

    private int status(String query, String method, String... headers) throws Exception {
        if (method.equals("GET")) {
            try (SseClient client = SseClient.open(application, PATH + query, headers)) {
                return client.status();
            }
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(query))
                        .timeout(Duration.ofSeconds(30))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).doesNotContain("dev.channels").doesNotContain("<html");
        return answer.statusCode();
    }

    private URI uri(String query) {
        String base = application.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + PATH + query);
    }

    @ParameterizedTest
    @CsvSource({
        "known, , 401",
        "known, bob, 200",
        "admins, , 401",
        "admins, bob, 403",
        "admins, alice, 200",
        "ticks&channel=admins, bob, 403",
    })
    void callerIsLetInToWhatPoliciesPermit(String channel, String user, int status)
            throws Exception {
        assertThat(status("channel=" + channel, "GET", user == null ? new String[0] : basic(user)))
                .isEqualTo(status);
    }

    private static String[] basic(String user) {
        byte[] both = (user + ":" + user).getBytes(StandardCharsets.UTF_8);
        return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(both)};
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.org, 200",
        "https://evil.example.org, 403",
        "null, 403",
    })
    void pageIsLetInWhoseOriginIsAllowed(String origin, int status) {
        try (SseClient client =
                SseClient.open(application, PATH + "channel=cors", "Origin", origin)) {
            assertThat(client.status()).isEqualTo(status);
            assertThat(client.headers().firstValue("Access-Control-Allow-Origin").isPresent())
                    .isEqualTo(status == 200);
            assertThat(client.headers().firstValue("Access-Control-Allow-Credentials").isPresent())
                    .isEqualTo(status == 200);
        }
    }

    // ---- Clients of others

    @Test
    void clientOfJaxRsGoesOnWhereItWasCut() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        Client client = ClientBuilder.newClient();
        try (TcpProxy proxy = new TcpProxy(application.getPort());
                SseEventSource source =
                        SseEventSource.target(client.target(through(proxy, "channel=jaxrs")))
                                .reconnectingEvery(100, TimeUnit.MILLISECONDS)
                                .build()) {
            source.register(
                    event -> {
                        // This implementation tells of comments too.
                        if (!event.isEmpty() && !"joined".equals(event.getName())) {
                            got.add(event.getName() + "=" + event.readData());
                        }
                    });
            source.open();
            publishUntil("jaxrs", got);
            int before = got.size();
            proxy.cut();
            publish("jaxrs", before + 1, before + 100);
            proxy.restore();
            await().atMost(Duration.ofSeconds(30)).until(() -> got.size() >= before + 100);
            assertThat(got)
                    .isEqualTo(
                            numbers(1, before + 100).stream()
                                    .map(data -> "jaxrs=" + data)
                                    .toList());
        } finally {
            client.close();
        }
    }

    /** Publishes numbers until the first has come, so that the stream has begun. */
    private void publishUntil(String channel, List<String> got) throws Exception {
        publish(channel, 1, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> got.size() == 1);
    }

    private URI through(TcpProxy proxy, String query) throws Exception {
        URI direct = uri(query + "&history=-1");
        return new URI(
                direct.getScheme(),
                null,
                "127.0.0.1",
                proxy.port(),
                direct.getPath(),
                direct.getQuery(),
                null);
    }

    @Test
    void browserGoesOnWhereItWasCutAndLetsNoPageOfAnotherOriginRead() throws Exception {
        Optional<Path> executable = Chromium.executable();
        assumeTrue(
                executable.isPresent(),
                "EventSource is not tested: no Chromium or Chrome is on the PATH");
        try (Chromium browser = new Chromium(executable.get(), Path.of("target/chromium-sse"));
                TcpProxy proxy = new TcpProxy(application.getPort());
                Page page = browser.open(through(proxy, "").resolve("../do/page"))) {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> page.evaluate("opened").equals("1"));
            publish("browser", 1, 3);
            awaitPage(page, numbers(1, 3));
            proxy.cut();
            publish("browser", 4, 50);
            proxy.restore();
            awaitPage(page, numbers(1, 50));
            page.evaluate(
                    "(other => { other.onopen = () => window.told = 'open';"
                            + " other.onerror = () => window.told = other.readyState })"
                            + "(new EventSource('"
                            + uri("channel=browser")
                            + "', {withCredentials: true}))");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !page.evaluate("window.told").equals("undefined"));
            assertThat(page.evaluate("window.told")).as("CLOSED, for good").isEqualTo("2");
        }
    }

    private static void awaitPage(Page page, List<String> numbers) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> page.evaluate("got.join()").equals(String.join(",", numbers)));
    }

    @Test
    void curlPrintsEventsAsTheyCome() throws Exception {
        assumeTrue(hasCurl(), "curl is not tested, since it is not installed");
        Path printed = Files.createTempFile("sse", ".txt");
        Process curl =
                new ProcessBuilder("curl", "-sN", uri("channel=curl&history=-1").toString())
                        .redirectOutput(printed.toFile())
                        .start();
        try {
            publish("curl", "{\"temperature\":21.5}");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(Files.readString(printed))
                                            .contains(
                                                    "/curl:1\nevent: curl\n"
                                                            + "data: {\"temperature\":21.5}\n\n"));
        } finally {
            curl.destroy();
            Files.delete(printed);
        }
    }

    private static boolean hasCurl() throws InterruptedException {
        try {
            return new ProcessBuilder("curl", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    // ---- Coming and going

    @Test
    void responseEndsWithTheSessionOfItsCaller() throws Exception {
        String[] user = basic("bob");
        HttpClient browser =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .cookieHandler(new CookieManager())
                        .build();
        // A server may have cookies of its own beside that of the session.
        String cookies =
                post(browser, "do/session", user).headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.split(";")[0])
                        .collect(Collectors.joining("; "));
        try (SseClient client =
                        SseClient.connect(
                                application,
                                PATH + "channel=session",
                                user[0],
                                user[1],
                                "Cookie",
                                cookies);
                SseClient other = SseClient.connect(application, PATH + "channel=session", user)) {
            client.awaitsId();
            other.awaitsId();
            post(browser, "do/logout", user);
            await().atMost(Duration.ofSeconds(30)).until(client::isEnded);
            publish("session", "still there");
            other.awaits(1);
            assertThat(client.events()).isEmpty();
        }
    }

    private HttpResponse<String> post(HttpClient browser, String path, String... headers)
            throws Exception {
        String base = application.toString();
        HttpResponse<String> answer =
                browser.send(
                        HttpRequest.newBuilder(
                                        URI.create((base.endsWith("/") ? base : base + "/") + path))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .headers(headers)
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isLessThan(300);
        return answer;
    }

    @Test
    void quietClientGetsCommentsAndOneThatHasLeftIsFound() throws Exception {
        try (SseClient client = SseClient.connect(application, PATH + "channel=quiet")) {
            await().until(() -> client.comments().size() >= 2);
        }
        // Nothing is published: the comments alone find it.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Http.get(application, "do/subscribers").body().equals("0"));
    }

    @Test
    void clientsThatDoNotReadHarmNobodyAndAreEnded() throws Exception {
        String query = PATH + "channel=stuck";
        List<SseClient> readers = new ArrayList<>();
        try (StuckReader one = StuckReader.connect(application, query);
                StuckReader other = StuckReader.connect(application, query)) {
            for (int i = 0; i < 10; i++) {
                readers.add(SseClient.connect(application, query).awaitsId());
            }
            int count = 0;
            boolean bothWereStuck = false;
            while (count < MANY) {
                bothWereStuck |= one.isStuck() && other.isStuck();
                count = publishForReaders(count, readers);
            }
            assertThat(bothWereStuck).as("While the others had their events").isTrue();
            for (SseClient reader : readers) {
                assertThat(reader.data().stream().map(data -> data.replace("x", "")))
                        .containsExactlyElementsOf(numbers(1, count));
            }
            // Open Liberty lets a thread that writes go after its write timeout.
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> one.isDisconnected() && other.isDisconnected());
            publishForReaders(count, readers);
        } finally {
            readers.forEach(SseClient::close);
        }
    }

    /** Publishes no more at once than the backlog of somebody who reads holds. */
    private int publishForReaders(int before, List<SseClient> readers) throws Exception {
        int after = before + STEP;
        publish("stuck", before + 1, after, LARGE);
        readers.forEach(reader -> reader.awaits(after));
        return after;
    }
}
