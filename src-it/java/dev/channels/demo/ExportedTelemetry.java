package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.demo.Otlp.Metric;
import dev.channels.demo.Otlp.Span;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What a collector gets of the demo on a server with MicroProfile Telemetry, which the servers of
 * the other tests do not have, and what MicroProfile Health tells there.
 */
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly|liberty")
class ExportedTelemetry {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PRODUCER = 4;
    private static final long CONSUMER = 5;

    private final String name = System.getProperty("arquillian.launch");
    private final boolean isLiberty = name.equals("liberty");
    private final Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
    private final Path home = servers.resolve(name);
    private final Path directory = servers.resolveSibling("telemetry");
    private final Path base = directory.resolve(name);

    @Test
    void metricsTracesAndHealthTellOfTheChannels() throws Exception {
        Files.createDirectories(directory);
        int port = FreePorts.any();
        Server server = Server.named(name);
        try (OtlpReceiver collector = new OtlpReceiver();
                PrintStream log = new PrintStream(directory.resolve(name + ".log").toFile())) {
            Path war = server.prepare(home, Directories.recreate(base), port);
            Files.createDirectories(war.getParent());
            war(collector.port()).as(ZipExporter.class).exportTo(war.toFile());
            ProcessBuilder command = server.command(home, base, port);
            URI health = isLiberty ? withTelemetry(port) : withMicroProfile(command);
            try (ServerProcess process = new ServerProcess(command, log)) {
                URI demo = URI.create("http://localhost:" + port + "/demo/");
                URI ticks = URI.create("ws://localhost:" + port + "/demo/ws/ticks");
                assertThat(new FirstEvent().await(process, ticks, START_TIMEOUT)).isTrue();
                try (Client client = Client.connect(demo, "ws/ticks")) {
                    await().atMost(PATIENCE).untilAsserted(() -> assertMetrics(collector));
                    assertThat(client.isClosed()).isFalse();
                }
                await().atMost(PATIENCE).untilAsserted(() -> assertTraces(collector));
                assertHealth(health);
            }
        }
    }

    private static void assertMetrics(OtlpReceiver collector) {
        assertThat(collector.metrics())
                .contains(
                        new Metric("messaging.client.sent.messages", "counter"),
                        new Metric("messaging.client.consumed.messages", "counter"),
                        new Metric("channels.events.lost", "counter"),
                        new Metric("channels.clients.refused", "counter"),
                        new Metric("channels.subscribers", "sum"),
                        new Metric("channels.connections", "sum"),
                        new Metric("channels.backlog.events", "sum"),
                        new Metric("channels.backlog.size", "sum"),
                        new Metric("channels.publish.waiting", "sum"),
                        new Metric("channels.presence.clients", "sum"),
                        new Metric("channels.broker.up", "gauge"),
                        new Metric("messaging.client.operation.duration", "histogram"),
                        new Metric("channels.publish.batch.size", "histogram"),
                        new Metric("channels.fan_out.duration", "histogram"),
                        new Metric("channels.send.duration", "histogram"));
    }

    /** The observer's call is no part of the trace of the publish, but linked to it. */
    private static void assertTraces(OtlpReceiver collector) {
        List<Span> publishes = collector.spans("publish");
        assertThat(publishes).isNotEmpty().allMatch(span -> span.kind() == PRODUCER);
        assertThat(collector.spans("process"))
                .isNotEmpty()
                .allMatch(span -> span.kind() == CONSUMER && span.isRoot())
                .anyMatch(
                        span ->
                                publishes.stream()
                                        .anyMatch(it -> span.links().equals(List.of(it.id()))));
    }

    private static void assertHealth(URI server) throws Exception {
        assertThat(Http.get(server, "health/ready").body().replaceAll("\\s", ""))
                .contains("\"name\":\"channels\"", "\"broker\":\"reachable\"");
    }

    private static WebArchive war(int collector) throws IOException {
        return DemoArchive.with(
                        Path.of(System.getProperty("library.jar")),
                        "otel.sdk.disabled=false",
                        "otel.exporter.otlp.protocol=http/protobuf",
                        "otel.exporter.otlp.endpoint=http://localhost:" + collector,
                        "otel.metric.export.interval=1000",
                        "otel.bsp.schedule.delay=1000",
                        "otel.logs.exporter=none")
                .addClass(TickObserver.class);
    }

    /** Gives Open Liberty the feature, and the application the sight of its API. */
    private URI withTelemetry(int port) throws IOException {
        change(
                base.resolve("servers/demo/server.xml"),
                "(?=</featureManager>)",
                "<feature>mpTelemetry-2.0</feature>",
                "<webApplication location=\"demo.war\"/>",
                "<webApplication location=\"demo.war\">"
                        + "<classloader apiTypeVisibility=\"+third-party\"/></webApplication>");
        return URI.create("http://localhost:" + port + "/");
    }

    /** Gives WildFly what its configuration for MicroProfile has, which has no EJBs. */
    private URI withMicroProfile(ProcessBuilder command) throws IOException {
        String extensions =
                Stream.of("microprofile.health-smallrye", "microprofile.telemetry", "opentelemetry")
                        .map(it -> "<extension module=\"org.wildfly.extension." + it + "\"/>")
                        .collect(Collectors.joining());
        change(
                base.resolve("configuration/standalone.xml"),
                "(?=</extensions>)",
                extensions,
                "(?=</profile>)",
                "<subsystem xmlns=\"urn:wildfly:microprofile-health-smallrye:3.0\""
                        + " security-enabled=\"false\"/>"
                        + "<subsystem xmlns=\"urn:wildfly:microprofile-telemetry:1.0\"/>"
                        + "<subsystem xmlns=\"urn:wildfly:opentelemetry:1.1\"/>");
        String option = "-Djboss.management.http.port=";
        String management =
                command.command().stream()
                        .filter(argument -> argument.startsWith(option))
                        .findFirst()
                        .orElseThrow()
                        .substring(option.length());
        return URI.create("http://localhost:" + management + "/");
    }

    /** Replaces in a file what is sure to be there; patterns and replacements in turn. */
    private static void change(Path file, String... changes) throws IOException {
        String text = Files.readString(file);
        for (int i = 0; i < changes.length; i += 2) {
            String changed = text.replaceFirst(changes[i], changes[i + 1]);
            assertThat(changed).as(changes[i]).isNotEqualTo(text);
            text = changed;
        }
        Files.writeString(file, text);
    }
}
