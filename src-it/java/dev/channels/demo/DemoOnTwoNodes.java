package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.testkit.Http;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo on two servers that share a broker, as {@code mvn -Pdemo -Dnodes=2} runs it. */
class DemoOnTwoNodes {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static int firstPort;
    private static int secondPort;
    private static PrintStream log;
    private static DemoNodes nodes;

    @BeforeAll
    static void start() throws Exception {
        String name = System.getProperty("arquillian.launch");
        Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
        Path directory = Files.createDirectories(servers.resolveSibling("nodes"));
        firstPort = FreePorts.anyWith(1);
        secondPort = firstPort + 1;
        log = new PrintStream(directory.resolve(name + ".log").toFile());
        nodes =
                new DemoNodes(
                        Server.named(name),
                        servers.resolve(name),
                        directory.resolve(name),
                        Path.of(System.getProperty("library.jar")),
                        firstPort,
                        secondPort,
                        log);
        awaitEvent(nodes.first(), firstPort);
        awaitEvent(nodes.second(), secondPort);
    }

    private static void awaitEvent(ServerProcess process, int port) throws Exception {
        URI ticks = URI.create("ws://localhost:" + port + "/demo/ws/ticks");
        assertThat(new FirstEvent().await(process, ticks, START_TIMEOUT)).isTrue();
    }

    @AfterAll
    static void stop() throws Exception {
        if (nodes != null) {
            nodes.close();
        }
        log.close();
    }

    @Test
    void eachNodeTellsItsNameAndTheOther() throws Exception {
        JsonObject first = status(firstPort);
        JsonObject second = status(secondPort);
        assertThat(first.getString("node")).isEqualTo("1");
        assertThat(first.getString("other")).isEqualTo(DemoServer.page(secondPort).toString());
        assertThat(second.getString("node")).isEqualTo("2");
        assertThat(second.getString("other")).isEqualTo(DemoServer.page(firstPort).toString());
    }

    @Test
    void aClientOfOneGetsTheReadingsOfBoth() throws Exception {
        try (Events ticks = listen("ticks")) {
            Set<String> seen = new HashSet<>();
            while (!seen.containsAll(Set.of("1", "2"))) {
                seen.add(object(ticks.next()).getString("node"));
            }
            assertThat(seen).containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void thePageOfOneShowsTheLineAndTheWordsOfTheOther() throws Exception {
        Optional<Path> executable = Chromium.executable();
        Assumptions.assumeTrue(executable.isPresent(), "There is no Chromium here");
        try (Chromium browser = new Chromium(executable.get(), Path.of("target/chromium-nodes"));
                Page one = browser.open(DemoServer.page(firstPort))) {
            // Before there is another page, since one that is not in sight draws nothing.
            eventually(
                    () -> {
                        assertThat(one.text("#status")).contains("of 2");
                        assertThat(count(one, ".curve")).isEqualTo(2);
                        assertThat(count(one, ".curve.other")).isEqualTo(1);
                    });
            assertTalk(one, browser);
            assertThat(one.errors()).isEmpty();
        }
    }

    private static void assertTalk(Page one, Chromium browser) {
        try (Page two = browser.open(DemoServer.page(secondPort))) {
            eventually(
                    () -> {
                        assertThat(two.text("#status")).contains("of 2");
                        assertThat(two.text("#people")).startsWith("2 windows here");
                        assertThat(one.text("#people")).startsWith("2 windows here");
                    });
            two.submit("#say", "text", "from the second node");
            eventually(
                    () ->
                            assertThat(one.text("#messages li:last-child"))
                                    .contains("by node 2", "from the second node"));
        }
    }

    private static int count(Page page, String selector) {
        return page.number("document.querySelectorAll('" + selector + "').length");
    }

    /** Ignores exceptions, since an element that does not exist yet is one. */
    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
    }

    private static JsonObject status(int port) throws Exception {
        return object(Http.get(DemoServer.page(port), "api/status").body());
    }

    private static JsonObject object(String json) {
        return Json.createReader(new StringReader(json)).readObject();
    }

    private static Events listen(String channel) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return Events.of(client, DemoServer.page(firstPort).resolve("ws/" + channel));
    }
}
