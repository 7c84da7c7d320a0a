package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Answer;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Mutants;
import dev.channels.testkit.MutatedFrames;
import dev.channels.testkit.MutatedHandshake;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Inflater;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handshake may look like, and what none gets past: the same on every server. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class HandshakeIT {

    private static final int MAX_CHANNELS = 100;

    private static final String SERVER = System.getProperty("arquillian.launch", "");

    /** Of handshakes, and of frames for each door. */
    private static final int MUTANTS = Integer.getInteger("mutants", 10_000);

    private static final long SEED = Long.getLong("mutants.seed", 1);

    /** What a server answers with 500, where the plugin is not asked or has let it in. */
    private static final Pattern FAILS_IN_THE_SERVER = Pattern.compile(failsInTheServer());

    private static String failsInTheServer() {
        return switch (SERVER) {
            // A cookie with a control character
            case "wildfly" -> "\r\nCookie:[^\r\n]*[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]";
            // A percent sign in the path that is not followed by two digits
            case "liberty" -> "^[^?\r\n]*%(?![0-9a-fA-F]{2})";
            // What may not be in a path
            default -> "^[^?\r\n]*[{\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]";
        };
    }

    @ArquillianResource
    @OperateOnDeployment("doors")
    private URI declared;

    @ArquillianResource
    @OperateOnDeployment("doors-any")
    private URI arbitrary;

    @Deployment(name = "doors", testable = false)
    static WebArchive declared() {
        return war("doors", "channels.names=good,with blank");
    }

    @Deployment(name = "doors-any", testable = false)
    static WebArchive arbitrary() {
        return war(
                "doors-any",
                "channels.arbitrary-channels-allowed=true",
                "channels.max-channels=" + MAX_CHANNELS,
                "channels.client-endpoint=true",
                "channels.sse-endpoint=true",
                // So that who is gone is found soon.
                "channels.client-connect-timeout=3s",
                "channels.sse-ping-interval=3s",
                "channels.ws-ping-interval=3s",
                "channels.ws-send-timeout=5s");
    }

    private static WebArchive war(String name, String... properties) {
        List<String> lines = new ArrayList<>(List.of(properties));
        lines.add("channels.create-ws-route-handlers=true");
        lines.add("channels.ws-handler-base-path=/ws");
        return Wars.war(name, lines.toArray(String[]::new)).addClass(LoadServlet.class);
    }

    private static int status(URI application, String path, String... headers) throws IOException {
        String target = application.getPath().replaceFirst("/$", "") + path;
        return answerTo(application, RawClient.handshake(application, target, headers));
    }

    private static int answerTo(URI application, String request) throws IOException {
        try (RawClient client = RawClient.connect(application).send(request)) {
            Answer answer = client.answer();
            assertThat(answer).matches(Answer::isSilent, "is silent about the application");
            return answer.status();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/good",
                "/ws/good?query=1",
                "/ws/with%20blank",
                "/ws/good;jsessionid=0123456789ABCDEF.node",
                "/ws/with%20blank;jsessionid=0123456789ABCDEF.node"
            })
    void pathOfAChannelIsLetIn(String path) throws Exception {
        assertThat(status(declared, path)).isEqualTo(101);
        assertThat(status(arbitrary, path)).isEqualTo(101);
    }

    /** The test's WildFly has {@code per-message-deflate} and a {@code deflater-level}. */
    @Test
    @EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
    void eventsAreCompressedWhereTheOperatorSwitchesItOn() throws Exception {
        String target = declared.getPath().replaceFirst("/$", "") + "/ws/good";
        String handshake =
                RawClient.handshake(
                        declared, target, "Sec-WebSocket-Extensions: permessage-deflate");
        try (RawClient client = RawClient.connect(declared).send(handshake)) {
            assertThat(client.head())
                    .containsIgnoringCase("Sec-WebSocket-Extensions: permessage-deflate");
            await().until(() -> !Http.get(declared, "load/subscribers").body().equals("0"));
            Http.post(declared, "load/publish?channel=good&threads=1&events=1&size=5000", "");
            Message message = message(client);
            assertThat(message.bytes()).hasSizeLessThan(500);
            assertThat(message.inflated()).isEqualTo("0 0 " + "x".repeat(5_000));
        }
    }

    /** A message of one frame or more, the first of which says that it is compressed. */
    private record Message(byte[] bytes) {
        String inflated() throws Exception {
            Inflater inflater = new Inflater(true);
            // With the end of the block, which RFC 7692 (7.2.1) leaves out.
            byte[] whole = Arrays.copyOf(bytes, bytes.length + 4);
            whole[bytes.length + 2] = -1;
            whole[bytes.length + 3] = -1;
            inflater.setInput(whole);
            byte[] text = new byte[10_000];
            int length = inflater.inflate(text);
            inflater.end();
            return new String(text, 0, length, StandardCharsets.UTF_8);
        }
    }

    private static Message message(RawClient client) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] head = client.read(2);
        assertThat(head[0] & 0x4f).as("RSV1 and a text").isEqualTo(0x41);
        while (true) {
            int length = head[1];
            if (length == 126) {
                byte[] more = client.read(2);
                length = (more[0] & 0xff) << 8 | more[1] & 0xff;
            }
            bytes.write(client.read(length));
            if ((head[0] & 0x80) != 0) {
                return new Message(bytes.toByteArray());
            }
            head = client.read(2);
        }
    }

    /** Each of these was a way past the filter on one server at least. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%77s/x%0A2026-01-01%2000:00:00,000%20ERROR%20FORGED",
                "/%77s/x%1B%5B31m",
                "/%77s/x%C2%85y",
                "//ws/x%0Ay",
                "/./ws/x%0Ay",
                "/x/../ws/x%0Ay",
                "/ws//x%0Ay",
                "/ws/./x%0Ay",
                "/ws/x/../x%0Ay",
                "/ws;p=1/x%0Ay",
                "/ws/;p=1",
                "/ws//",
                "/ws/..%2f",
                "/ws/%2e%2e",
                "/ws/a%2Fb",
                "/ws/a%5Cb",
                "/ws/%ff",
                "/ws/%fe",
                "/ws/%C0%AF",
                "/ws/%ED%A0%80",
                "/ws/%zz",
                "/ws/%00",
                "/ws/"
            })
    void pathThatLeadsToNoChannelIsRefused(String path) throws Exception {
        String tried = withoutColons(path);
        assertRefused(status(declared, tried));
        assertRefused(status(arbitrary, tried));
    }

    /** GlassFish 7 and Payara 7 answer 503 to a path with a colon before they ask any filter. */
    private static String withoutColons(String path) {
        return TestedServer.refusesColons() ? path.replace(':', '.') : path;
    }

    /** Text that begins a line of its own and ends with bytes for a terminal. */
    private static String forged(String mark) {
        return "%0A2026-01-01%2000:00:00,000%20ERROR%20" + mark + "%1B%5B31m%C2%85";
    }

    private static boolean isForged(String line, String mark) {
        return line.startsWith("2026-01-01 00") && line.contains("ERROR " + mark);
    }

    private static boolean isForTheTerminal(String line, String mark) {
        return line.contains(mark) && line.indexOf('\u001b') >= 0;
    }

    /** Neither a line that looks like another one, nor many lines for what clients do. */
    @Test
    @EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly|payara")
    void whatClientsNameIsNoLineOfTheLog() throws Exception {
        String run = Long.toString(System.currentTimeMillis(), 36);
        String forged = withoutColons(forged("client" + run));
        int before = ServerLog.lines().size();
        for (int i = 0; i < 50; i++) {
            for (String path :
                    List.of(
                            "/ws/x" + forged,
                            "/%77s/x" + forged,
                            "/ws;p=1/x" + forged,
                            "/connection/websocket?x=" + forged,
                            "/connection/sse?channel=x" + forged)) {
                assertThat(status(arbitrary, path)).isPositive();
            }
        }
        // What the application writes comes behind that, and the same look finds it.
        Http.get(arbitrary, "load/log?text=" + forged("application" + run));
        await().untilAsserted(
                        () ->
                                assertThat(ServerLog.lines())
                                        .anyMatch(line -> isForged(line, "application" + run))
                                        .anyMatch(
                                                line ->
                                                        isForTheTerminal(
                                                                line, "application" + run)));
        assertThat(ServerLog.lines())
                .hasSizeLessThan(before + 50)
                .noneMatch(line -> isForged(line, "client" + run))
                .noneMatch(line -> isForTheTerminal(line, "client" + run));
    }

    /** A server refuses some of them itself, each in its own way. */
    private static void assertRefused(int status) {
        assertThat(status).isNotEqualTo(101).isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: x, websocket",
                "Upgrade: websocket/13",
                "Upgrade: WebSocket",
                "Upgrade: x\r\nUpgrade: websocket"
            })
    void noFormOfAHandshakeGetsPastTheFilter(String upgrade) throws Exception {
        assertRefused(status(arbitrary, "/ws/x%0Ay", upgrade));
        assertRefused(status(declared, "/ws/unknown", upgrade));
    }

    @Test
    void encodedContextRootIsTheSame() throws Exception {
        String target = "/%64oors-any/ws/x%0Ay";
        assertRefused(answerTo(arbitrary, RawClient.handshake(arbitrary, target)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void bodyIsRefused(String header) throws Exception {
        assertRefused(status(declared, "/ws/good", header));
    }

    /** On Payara each of these took a thread of the HTTP listener, which has five, for ever. */
    @Test
    void whatFollowsBeforeTheAnswerTakesNoThread() throws Exception {
        String target = declared.getPath().replaceFirst("/$", "") + "/ws/good";
        String handshake = RawClient.handshake(declared, target);
        for (String rest : new String[] {"\u0089", "\r\n", "\u0089\u0080abcd", "x", "GET / "}) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = RawClient.connect(declared).send(handshake + rest)) {
                    assertThat(client.status()).isIn(101, 400);
                }
            }
        }
        assertThat(Http.get(declared, "load/subscribers").statusCode()).isEqualTo(200);
        assertThat(status(declared, "/ws/good")).isEqualTo(101);
    }

    /** Another run: {@code -Dmutants.seed=20000}; more of them: {@code -Dmutants=100000}. */
    @Test
    void mutatedHandshakesLeaveNothingBehind() throws Exception {
        List<String> targets =
                List.of(
                        target("/ws/mutated"),
                        target("/ws/with%20blank"),
                        target("/connection/websocket"),
                        target("/connection/sse?channel=mutated"));
        Mutants mutants = new Mutants(SEED, MUTANTS);
        Map<String, Integer> answers =
                mutants.send(
                        seed ->
                                mutants.answerTo(
                                        arbitrary, MutatedHandshake.of(seed, arbitrary, targets)));
        System.out.println("Mutated handshakes, " + mutants + ", " + SERVER + ": " + answers);
        assertThat(answers).containsKeys("101", "200").hasSizeGreaterThan(4);
        assertThat(mutants.indiscreet()).isEmpty();
        if (!TestedServer.isGlassFish() && !TestedServer.isPayara7()) {
            assertThat(mutants.failed())
                    .allMatch(
                            seed ->
                                    FAILS_IN_THE_SERVER
                                            .matcher(MutatedHandshake.of(seed, arbitrary, targets))
                                            .find());
        }
        theWellBehavedIsServed();
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws/mutated", "/connection/websocket"})
    void mutatedFramesLeaveNothingBehind(String door) throws Exception {
        String handshake = RawClient.handshake(arbitrary, target(door));
        Mutants mutants = new Mutants(SEED, MUTANTS / MutatedFrames.EACH);
        Map<String, Integer> ends =
                mutants.send(seed -> mutants.endOf(arbitrary, handshake, MutatedFrames.of(seed)));
        System.out.println(
                "Mutated frames, %d for each of %s, %s%s: %s"
                        .formatted(MutatedFrames.EACH, mutants, SERVER, door, ends));
        // Clients that have left without a word may be counted for a while.
        assertThat(ends.getOrDefault("closed", 0)).isGreaterThan(MUTANTS / MutatedFrames.EACH / 2);
        theWellBehavedIsServed();
        nothingIsLeft();
    }

    private String target(String path) {
        return arbitrary.getPath().replaceFirst("/$", "") + path;
    }

    private void theWellBehavedIsServed() throws Exception {
        try (Client client = Client.connect(arbitrary, "ws/well-behaved")) {
            await().untilAsserted(
                            () -> {
                                Http.post(
                                        arbitrary,
                                        "load/publish?channel=well-behaved&threads=1&events=1&size=1",
                                        "");
                                assertThat(client.texts()).contains("0 0 x");
                            });
        }
    }

    private int number(String what) throws Exception {
        return Integer.parseInt(Http.get(arbitrary, "load/" + what).body());
    }

    private void nothingIsLeft() throws Exception {
        await("connections").atMost(Duration.ofSeconds(90)).until(() -> number("connections") == 0);
        // One subscriber hears what other nodes order.
        await("subscribers").atMost(Duration.ofSeconds(90)).until(() -> number("subscribers") <= 1);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_CHANNELS; i++) {
                RawClient client = RawClient.connect(arbitrary);
                clients.add(client);
                String target = arbitrary.getPath().replaceFirst("/$", "") + "/ws/new-" + i;
                client.send(RawClient.handshake(arbitrary, target));
                assertThat(client.status()).as("a name brought into being").isEqualTo(101);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void anotherSiteIsRefused() throws Exception {
        String own = "Origin: http://" + declared.getAuthority();
        assertThat(status(declared, "/ws/good", own)).isEqualTo(101);
        for (String other :
                new String[] {
                    "http://evil.example.org", "null", "junk", "http://x." + declared.getAuthority()
                }) {
            assertThat(status(declared, "/ws/good", "Origin: " + other)).isEqualTo(403);
        }
        assertThat(status(declared, "/ws/good", own, own)).isEqualTo(403);
    }
}
