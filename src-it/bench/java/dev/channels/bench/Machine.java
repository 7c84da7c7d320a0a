package dev.channels.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Where, when and how a result came about. */
public final class Machine {

    private Machine() {}

    /** Describes this machine. */
    public static String describe(Settings settings) throws IOException {
        return "%s, JDK %s, %d processors (%s), Linux %s; %d rounds of %d s each"
                .formatted(
                        LocalDate.now(),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        System.getProperty("os.version"),
                        settings.rounds(),
                        settings.time().toSeconds());
    }

    private static String processor() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
