package dev.channels.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes which broker tests ran with, for the table of the build. */
public final class TestedBroker {

    static final String DIRECTORY = "tested-brokers";

    private TestedBroker() {}

    /** Returns what was noted, or null. */
    static @Nullable String of(Path directory, SuiteReport report) throws IOException {
        for (String tests : List.of(report.name(), report.packageName())) {
            Path file = directory.resolve(tests);
            if (Files.exists(file)) {
                return Files.readString(file);
            }
        }
        return null;
    }

    /**
     * Notes it.
     *
     * @param tests the name of their class, or of their package
     * @param broker the name and version that the broker itself tells
     */
    public static void note(String tests, String broker) throws IOException {
        Path directory =
                Path.of(System.getProperty("servers.directory", "target/servers"))
                        .resolveSibling(DIRECTORY);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(tests), broker);
    }
}
