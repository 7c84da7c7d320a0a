package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.Visit;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Floods of what clients can send without being let in to anything: what they cost before, at the
 * peak and after. Others are served at the peak, and nothing is left.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class Floods {

    private static final String SERVER = System.getProperty("arquillian.launch", "");

    private static final int MAX_CONNECTIONS = 2_000;
    private static final int MAX_CHANNELS = 5_000;

    /** What a flood may cost. The log has a few lines for an episode, of the server's own too. */
    private static final long PEAK_HEAP = 250L << 20;

    private static final long LEFT_HEAP = 16L << 20;
    private static final int PEAK_THREADS = 150;
    private static final int LEFT_DESCRIPTORS = 60;

    /** Undertow writes ten for each response of a client that never read. */
    private static final int PEAK_LINES = 1_500;

    /** Of the node, which hears what other nodes ask of its clients, and of the one served. */
    private static final int OTHER_SUBSCRIBERS = 2;

    private static final Duration LONG = Duration.ofSeconds(120);

    private static final List<String> TABLE = new ArrayList<>();

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "flood",
                        "channels.arbitrary-channels-allowed=true",
                        "channels.create-ws-route-handlers=true",
                        "channels.ws-handler-base-path=/ws",
                        "channels.client-endpoint=true",
                        "channels.sse-endpoint=true",
                        "channels.max-connections=" + MAX_CONNECTIONS,
                        "channels.max-channels=" + MAX_CHANNELS,
                        "channels.client-connect-timeout=5s",
                        "channels.sse-ping-interval=3s",
                        // They answer no ping: it may take as long for all of them to come.
                        "channels.ws-ping-interval=60s",
                        "channels.ws-send-timeout=5s")
                .addClass(LoadServlet.class);
    }

    /** What the server has at a moment. */
    private record Sample(long heap, int threads, int descriptors, int lines, int connections) {

        static Sample of(URI application) throws Exception {
            return new Sample(
                    number(application, "heap"),
                    (int) number(application, "threads"),
                    (int) number(application, "descriptors"),
                    ServerLog.lines().size(),
                    (int) number(application, "connections"));
        }

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%6.1f %5d %6d %6d %6d",
                    heap / (double) (1 << 20),
                    threads,
                    descriptors,
                    lines,
                    connections);
        }
    }

    private static long number(URI application, String what) throws Exception {
        return Long.parseLong(Http.get(application, "load/" + what).body());
    }

    /** Connections that are kept open until the peak has been looked at. */
    private static final class Crowd implements AutoCloseable {

        private final List<RawClient> clients = new ArrayList<>();

        private int refused;

        RawClient comes(URI application) throws IOException {
            RawClient client = RawClient.connect(application);
            clients.add(client);
            return client;
        }

        /** Sends; a client that has been cut off already is one that was refused. */
        void says(RawClient client, String text) {
            try {
                client.send(text);
            } catch (IOException e) {
                refused++;
            }
        }

        /** Returns whether a handshake is let in. */
        boolean isLetIn(RawClient client, String handshake) throws IOException {
            try {
                if (client.send(handshake).status() == 101) {
                    return true;
                }
            } catch (SocketException e) {
                // That is an answer, too.
            }
            refused++;
            return false;
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private interface Flood {
        void come(Crowd crowd) throws Exception;
    }

    private void flood(String name, Flood flood) throws Exception {
        try (Client wellBehaved = Client.connect(application, "ws/well-behaved")) {
            isServed(wellBehaved);
            Sample before = Sample.of(application);
            Sample peak;
            int refused;
            try (Crowd crowd = new Crowd()) {
                flood.come(crowd);
                peak = Sample.of(application);
                refused = crowd.refused;
                isServed(wellBehaved);
            }
            await("connections").atMost(LONG).until(() -> number(application, "connections") == 1);
            await("subscribers")
                    .atMost(LONG)
                    .until(() -> number(application, "subscribers") == OTHER_SUBSCRIBERS);
            await("descriptors")
                    .atMost(LONG)
                    .until(
                            () ->
                                    number(application, "descriptors")
                                            < before.descriptors() + LEFT_DESCRIPTORS);
            isServed(wellBehaved);
            Sample after = Sample.of(application);
            TABLE.add(
                    String.format(
                            "| %-21s | %s | %s | %s | %6d |",
                            name, before.row(), peak.row(), after.row(), refused));
            assertThat(peak.heap()).isLessThan(before.heap() + PEAK_HEAP);
            assertThat(after.heap()).isLessThan(before.heap() + LEFT_HEAP);
            assertThat(peak.threads()).isLessThan(before.threads() + PEAK_THREADS);
            assertThat(after.lines()).isLessThan(before.lines() + PEAK_LINES);
        }
    }

    private void isServed(Client client) throws Exception {
        int known = client.count();
        await().atMost(LONG)
                .until(
                        () -> {
                            publish("well-behaved", 1, 1);
                            return client.count() > known;
                        });
    }

    private void publish(String channel, int events, int size) throws Exception {
        Http.post(
                application,
                "load/publish?threads=1&channel=%s&events=%d&size=%d"
                        .formatted(channel, events, size),
                "");
    }

    private String handshake(String path) {
        return new Visit(application).handshake(path);
    }

    /** Returns a text frame of up to 64 KiB whose mask is zero. */
    private static String frame(String text) {
        String length =
                text.length() < 126
                        ? "" + (char) (0x80 | text.length())
                        : "\u00fe" + (char) (text.length() >> 8) + (char) (text.length() & 0xff);
        return "\u0081" + length + "\0\0\0\0" + text;
    }

    /** 400 clients name 128 channels each, of 200 characters. */
    @Test
    void names() throws Exception {
        flood(
                "names",
                crowd -> {
                    for (int i = 0; i < 400; i++) {
                        String client = "client-" + i + "-" + "x".repeat(150) + "-";
                        String commands =
                                IntStream.range(2, 130)
                                        .mapToObj(
                                                id ->
                                                        "{\"id\":%d,\"subscribe\":{\"channel\":\"%s%d\"}}"
                                                                .formatted(id, client, id))
                                        .collect(Collectors.joining("\n"));
                        RawClient comes = crowd.comes(application);
                        if (crowd.isLetIn(comes, handshake("connection/websocket"))) {
                            crowd.says(comes, frame("{\"id\":1,\"connect\":{}}"));
                            crowd.says(comes, frame(commands));
                        }
                    }
                    await().until(() -> number(application, "connections") == 401);
                });
    }

    @Test
    void connections() throws Exception {
        flood(
                "connections",
                crowd -> {
                    for (int i = 0; i < MAX_CONNECTIONS + 500; i++) {
                        crowd.isLetIn(crowd.comes(application), handshake("ws/crowded"));
                    }
                    assertThat(crowd.refused).isGreaterThanOrEqualTo(500);
                });
    }

    /** 200 clients send 2,000 commands each, as fast as they can. */
    @Test
    void commands() throws Exception {
        flood(
                "commands",
                crowd -> {
                    String commands =
                            IntStream.range(2, 1_002)
                                    .mapToObj(Visit::unsubscribe)
                                    .collect(Collectors.joining("\n"));
                    for (int i = 0; i < 200; i++) {
                        RawClient comes = crowd.comes(application);
                        if (crowd.isLetIn(comes, handshake("connection/websocket"))) {
                            crowd.says(comes, frame("{\"id\":1,\"connect\":{}}"));
                            crowd.says(comes, frame(commands));
                            crowd.says(comes, frame(commands));
                        }
                    }
                });
    }

    /** 1,000 clients begin a handshake and never end it. */
    @Test
    void halfOpenHandshakes() throws Exception {
        flood(
                "half-open handshakes",
                crowd -> {
                    String begun = handshake("ws/half").replaceFirst("\r\n\r\n$", "\r\nX-Half: ");
                    for (int i = 0; i < 1_000; i++) {
                        crowd.says(crowd.comes(application), begun);
                    }
                });
    }

    /** 100 clients of each door that never read, and 20 MB for each of them. */
    @Test
    void slowReaders() throws Exception {
        flood(
                "slow readers",
                crowd -> {
                    Visit visit = new Visit(application);
                    for (int i = 0; i < 100; i++) {
                        crowd.isLetIn(crowd.comes(application), visit.handshake("ws/slow"));
                        RawClient client = crowd.comes(application);
                        if (crowd.isLetIn(client, visit.handshake("connection/websocket"))) {
                            crowd.says(
                                    client,
                                    frame(Visit.connect("") + "\n" + Visit.subscribe("slow")));
                        }
                        crowd.says(
                                crowd.comes(application),
                                "GET %sconnection/sse?channel=slow HTTP/1.1\r\nHost: %s\r\n\r\n"
                                        .formatted(
                                                application.getPath().replaceFirst("/?$", "/"),
                                                application.getAuthority()));
                    }
                    await().until(
                                    () ->
                                            number(application, "subscribers")
                                                    == 300 + OTHER_SUBSCRIBERS);
                    publish("slow", 400, 50_000);
                });
    }

    @AfterAll
    static void printTable() throws IOException {
        String table =
                """
                Floods, %s: heap in use (MiB), threads, descriptors, lines of the log, connections
                | flood                 | before                            | peak                              | after                             | refused |
                | --- | --- | --- | --- | --- |
                %s
                """
                        .formatted(SERVER, String.join("\n", TABLE));
        System.out.println(table);
        Path directory = Path.of(System.getProperty("soak.directory", "target/soak"));
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("floods-" + SERVER + ".md"), table);
    }
}
