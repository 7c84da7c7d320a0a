package dev.channels.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the system properties ask for.
 *
 * @param server the name of the server
 * @param rounds how often each of the two sides is measured, in turn
 * @param time how long one measurement publishes
 * @param scenarios {@code <sockets>x<bytes>}, {@code channels}, {@code stuck}, {@code many} and
 *     {@code heap}; all but {@code many} by the client endpoint with {@code client-} in front; the
 *     first and {@code stuck} by Server-Sent Events with {@code sse-}
 * @param directory where the results go
 */
public record Settings(
        String server, int rounds, Duration time, List<String> scenarios, Path directory) {

    /** Reads them. */
    public static Settings read() {
        return new Settings(
                System.getProperty("arquillian.launch"),
                Integer.getInteger("bench.rounds"),
                Duration.ofSeconds(Long.getLong("bench.seconds")),
                List.of(System.getProperty("bench.scenarios").split(",")),
                Path.of(System.getProperty("bench.directory")));
    }
}
