package dev.channels.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How much of the machine went to others than the server and this client since it was made. */
final class Neighbours {

    private static final Path MACHINE = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    private final ProcessHandle server;
    private final Reading before;

    Neighbours(long server) throws IOException {
        this.server = ProcessHandle.of(server).orElseThrow();
        before = read();
    }

    /**
     * A reading of clocks that count the time of all processors.
     *
     * @param busy what was not idle, in ticks
     * @param all every tick
     * @param ours what the server and this client took, as part of all processors
     * @param at when it was read
     */
    private record Reading(long busy, long all, Duration ours, long at) {}

    private Reading read() throws IOException {
        String line = Files.readAllLines(MACHINE).get(0);
        long[] ticks =
                Arrays.stream(line.split(" +"))
                        .skip(1)
                        .limit(STEAL + 1)
                        .mapToLong(Long::parseLong)
                        .toArray();
        long all = Arrays.stream(ticks).sum();
        Duration ours = cpu(server).plus(cpu(ProcessHandle.current()));
        return new Reading(all - ticks[IDLE] - ticks[IO_WAIT], all, ours, System.nanoTime());
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    String describe() throws IOException {
        Reading now = read();
        double processors = Runtime.getRuntime().availableProcessors();
        double busy = (now.busy - before.busy) / (double) (now.all - before.all);
        double ours = now.ours.minus(before.ours).toNanos() / processors / (now.at - before.at);
        return String.format(
                Locale.ROOT,
                "other processes took %.0f %% of the machine over %d s",
                100 * Math.max(0, busy - ours),
                TimeUnit.NANOSECONDS.toSeconds(now.at - before.at));
    }
}
