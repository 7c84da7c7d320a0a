package dev.channels.it;

import static org.awaitility.Awaitility.await;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.Server;
import dev.channels.demo.ServerProcess;
import dev.channels.it.minimal.OnlyServlet;
import dev.channels.testkit.Wars;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Open Liberty with all features that the documentation names but one: its log says which one is
 * missing.
 */
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "liberty")
class MissingFeatures {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final List<String> FEATURES =
            List.of(
                    "cdi-4.0",
                    "concurrent-3.0",
                    "jndi-1.0",
                    "jsonb-3.0",
                    "mpConfig-3.1",
                    "servlet-6.0",
                    "websocket-2.1");

    private final Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
    private final Path directory = servers.resolveSibling("features");

    @ParameterizedTest
    @CsvSource({
        "cdi-4.0, CHANNELS0023",
        "concurrent-3.0, CHANNELS0019",
        "jsonb-3.0, CHANNELS0024",
        "mpConfig-3.1, CHANNELS0023",
        "websocket-2.1, CHANNELS0022",
    })
    void isNamed(String feature, String code) throws Exception {
        Path base = directory.resolve(feature);
        Server liberty = Server.named("liberty");
        int port = FreePorts.any();
        Path home = servers.resolve("liberty");
        Path war = liberty.prepare(home, Directories.recreate(base), port);
        Files.createDirectories(war.getParent());
        Wars.war("demo", "channels.names=a", "channels.create-ws-route-handlers=true")
                .addClass(OnlyServlet.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        Path server = base.resolve("servers/demo");
        Files.writeString(server.resolve("server.xml"), configuration(feature));
        try (PrintStream log = new PrintStream(base.resolve("console.log").toFile());
                ServerProcess process = new ServerProcess(liberty.command(home, base, port), log)) {
            Path messages = server.resolve("logs/messages.log");
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                process.waitFor(Duration.ZERO);
                                return Files.exists(messages)
                                        && Files.readString(messages, StandardCharsets.ISO_8859_1)
                                                .lines()
                                                .anyMatch(
                                                        line ->
                                                                line.contains(code)
                                                                        && line.contains(feature));
                            });
        }
    }

    private static String configuration(String missing) {
        String features =
                FEATURES.stream()
                        .filter(feature -> !feature.equals(missing))
                        .map(feature -> "<feature>" + feature + "</feature>")
                        .collect(Collectors.joining());
        return "<server><featureManager>"
                + features
                + "</featureManager>"
                + "<httpEndpoint id='defaultHttpEndpoint' httpPort='${http.port}' httpsPort='-1'/>"
                + "<webApplication location='demo.war'/></server>";
    }
}
