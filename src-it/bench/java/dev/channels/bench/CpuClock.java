package dev.channels.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The processor time of a process, as the kernel accounts for it: user and system, of all threads
 * but those of the JIT compiler, which are at work as long as a process is young, whatever it does.
 */
final class CpuClock {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Path tasks;
    private final List<Double> idleShares = new ArrayList<>();

    /** The time of each thread when it was last seen, so that it counts on when the thread ends. */
    private final Map<Path, Long> nanos = new HashMap<>();

    CpuClock(long pid) {
        tasks = Path.of("/proc", String.valueOf(pid), "task");
        if (!Files.isDirectory(tasks)) {
            throw new IllegalStateException(
                    "The benchmark reads processor times from " + tasks + ": run it on Linux");
        }
    }

    /** Reads the time in nanoseconds, since an arbitrary moment. */
    long read() throws IOException {
        for (Path thread : threads()) {
            try {
                if (!Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*")) {
                    String time = Files.readString(thread.resolve("schedstat"));
                    nanos.put(thread, Long.parseLong(time.split(" ")[0]));
                }
            } catch (IOException e) {
                // the thread has just ended
                continue;
            }
        }
        return nanos.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns the part of one processor that the process takes when nothing is asked of it: the
     * median of all looks so far, since one look sees a collection or a compilation, and the next
     * none.
     */
    double idleShare() throws IOException {
        long cpuBefore = read();
        long before = System.nanoTime();
        long end = before + LOOK.toNanos();
        for (long left = LOOK.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        idleShares.add((read() - cpuBefore) / (double) (System.nanoTime() - before));
        return Spread.of(idleShares.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }

    /** Returns how many threads there are. */
    int threadCount() throws IOException {
        return threads().size();
    }

    private List<Path> threads() throws IOException {
        try (Stream<Path> paths = Files.list(tasks)) {
            return paths.toList();
        }
    }
}
