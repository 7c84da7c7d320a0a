package dev.channels.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the server under test has written to its log. */
public final class ServerLog {

    private static final Path SERVERS =
            Path.of(System.getProperty("servers.directory", "target/servers"));

    private ServerLog() {}

    private static Path file() {
        return switch (System.getProperty("arquillian.launch")) {
            case "wildfly" -> SERVERS.resolve("wildfly/standalone/log/server.log");
            case "liberty" ->
                    SERVERS.resolve("liberty/usr/servers")
                            .resolve(System.getProperty("liberty.server"))
                            .resolve("logs/messages.log");
            default -> SERVERS.resolve("payara/glassfish/domains/domain1/logs/server.log");
        };
    }

    /**
     * Returns the lines that are there, of the files it has put aside too. The test is skipped
     * where the server writes none.
     */
    public static List<String> lines() {
        Path file = file();
        String name = file.getFileName().toString().replace(".log", "");
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(file.getParent())) {
            for (Path each : files.filter(it -> isPart(it, name)).sorted().toList()) {
                // Not every byte of it need be UTF-8.
                lines.addAll(Files.readAllLines(each, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        assumeTrue(
                lines.stream().anyMatch(line -> line.contains("CHANNELS")) || !mayBeSilent(),
                "This start of the server writes no log");
        return lines;
    }

    /** Some starts of GlassFish 7 are without the thread that writes the log. */
    private static boolean mayBeSilent() {
        return System.getProperty("tested.server", "").startsWith("GlassFish 7.");
    }

    private static boolean isPart(Path file, String name) {
        String own = file.getFileName().toString();
        return own.startsWith(name) && own.contains(".log");
    }
}
