package dev.channels.matrix;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Prints how many tests passed on each server and with each broker, as the reports in the build's
 * directory say, and writes it to {@code suites.md} there. Reports of several runs add up until the
 * directory is deleted, and a test that ran again counts anew.
 */
public final class SuiteTable {

    private SuiteTable() {}

    /**
     * Prints the tables.
     *
     * @param arguments the build's directory
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        List<SuiteReport> reports = reports(directory.resolve("failsafe-reports"));
        List<String> lines = new ArrayList<>(servers(reports));
        List<String> brokers = brokers(reports, directory.resolve(TestedBroker.DIRECTORY));
        if (!lines.isEmpty() && !brokers.isEmpty()) {
            lines.add("");
        }
        lines.addAll(brokers);
        System.out.println(String.join("\n", lines));
        Files.write(directory.resolve("suites.md"), lines);
    }

    private static List<SuiteReport> reports(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.filter(SuiteTable::isReport)
                    .sorted(comparing(file -> file.toFile().lastModified()))
                    .map(
                            file -> {
                                try {
                                    return SuiteReport.read(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            })
                    .toList();
        }
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("TEST-") && name.endsWith(".xml");
    }

    /** Returns a table with a line per server that ran all tests; nothing without one. */
    static List<String> servers(List<SuiteReport> reports) throws IOException {
        Map<String, SuiteReport> perServer = new TreeMap<>();
        for (SuiteReport report : reports) {
            String server = report.properties().getProperty("tested.server");
            if (server != null) {
                perServer.merge(server, report, SuiteReport::plus);
            }
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, SuiteReport> entry : perServer.entrySet()) {
            SuiteReport sum = entry.getValue();
            lines.add(
                    "| %s | %s | %s |"
                            .formatted(
                                    entry.getKey(),
                                    versionOf(sum.properties().getProperty("servers.jdk")),
                                    sum.counts()));
        }
        return withHead("| server | JDK | tests | passed | skipped | failed |", lines);
    }

    private static String versionOf(String jdk) throws IOException {
        Properties facts = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(jdk, "release"))) {
            facts.load(in);
        }
        return facts.getProperty("JAVA_VERSION").replace("\"", "");
    }

    /** Returns a table with a line per test that has told its broker; nothing without one. */
    static List<String> brokers(List<SuiteReport> reports, Path noted) throws IOException {
        List<String> lines = new ArrayList<>();
        for (SuiteReport report :
                reports.stream().sorted(comparing(SuiteReport::simpleName)).toList()) {
            String broker = TestedBroker.of(noted, report);
            if (broker != null) {
                lines.add(
                        "| %s | %s | %s |".formatted(broker, report.simpleName(), report.counts()));
            }
        }
        return withHead("| broker | test | tests | passed | skipped | failed |", lines);
    }

    private static List<String> withHead(String head, List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        String rule = head.replaceAll("[^|]+", " --- ");
        return Stream.concat(Stream.of(head, rule), lines.stream()).toList();
    }
}
