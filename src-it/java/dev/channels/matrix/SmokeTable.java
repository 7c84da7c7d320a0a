package dev.channels.matrix;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/** What was tried on which server and JDK: printed, and written, when all tests are over. */
final class SmokeTable implements AutoCloseable {

    private final List<Row> rows = new ArrayList<>();

    @Override
    public void close() throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        rows.sort(comparing(row -> row.server.name()));
        rows.forEach(row -> columns.addAll(row.cells.keySet()));
        List<String> lines = new ArrayList<>();
        lines.add("| server | JDK | " + String.join(" | ", columns) + " |");
        lines.add("| --- | ---" + " | ---".repeat(columns.size()) + " |");
        rows.forEach(row -> lines.add(row.line(columns)));
        System.out.println(String.join("\n", lines));
        Files.write(
                Path.of(System.getProperty("servers.directory")).resolveSibling("matrix.md"),
                lines);
    }

    /** What was tried on one server. */
    static final class Row implements BeforeAllCallback, TestWatcher {

        private final SmokeServer server;
        private final String jdk;
        private final Map<String, String> cells = new LinkedHashMap<>();
        private String missing = "does not start";

        Row(SmokeServer server) {
            this.server = server;
            this.jdk = versionOf(server.jdk());
        }

        private static String versionOf(Path jdk) {
            Properties facts = new Properties();
            try (var in = Files.newInputStream(jdk.resolve("release"))) {
                facts.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return facts.getProperty("JAVA_VERSION").replace("\"", "");
        }

        /** Adds the row; ends there where there is no JDK for the server. */
        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(Namespace.create(SmokeTable.class))
                    .getOrComputeIfAbsent(SmokeTable.class)
                    .rows
                    .add(this);
            if (Integer.parseInt(jdk.split("\\D")[0]) < server.oldestJdk()) {
                missing = "not tried, needs JDK " + server.oldestJdk();
                throw new TestAbortedException(
                        server.name()
                                + " needs JDK "
                                + server.oldestJdk()
                                + ", and the newest one found is "
                                + jdk);
            }
        }

        @Override
        public void testSuccessful(ExtensionContext context) {
            cells.put(context.getDisplayName(), "yes");
        }

        @Override
        public void testAborted(ExtensionContext context, Throwable cause) {
            cells.put(context.getDisplayName(), "–");
        }

        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            cells.put(context.getDisplayName(), "**no**");
        }

        private String line(Set<String> columns) {
            return "| "
                    + server.name()
                    + " | "
                    + jdk
                    + " | "
                    + (cells.isEmpty()
                            ? missing + " |".repeat(columns.size())
                            : columns.stream()
                                            .map(column -> cells.getOrDefault(column, ""))
                                            .collect(joining(" | "))
                                    + " |");
        }
    }
}
