package dev.channels.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The process of a server. It does not outlive this JVM, however that one is asked to end. */
final class ServerProcess implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern COLOR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Process process;
    private final Thread hook = new Thread(this::stop, "demo-stop");
    private volatile boolean stopping;

    /** Starts the process. */
    ServerProcess(ProcessBuilder command) throws IOException {
        process = command.redirectErrorStream(true).start();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            stop();
            throw e;
        }
        process.getOutputStream().close();
        Thread log = new Thread(this::forwardLog, "demo-log");
        log.setDaemon(true);
        log.start();
    }

    /**
     * Waits for the end of the process.
     *
     * @return whether it is time to end
     * @throws IllegalStateException if the process ended without being asked
     */
    boolean waitFor(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        if (!stopping && !isInterrupted(process.exitValue())) {
            throw new IllegalStateException(
                    "The server ended with exit code "
                            + process.exitValue()
                            + "; its log is above");
        }
        return true;
    }

    /** Tells whether a process ended by Ctrl-C, which reaches it before it reaches our hook. */
    private static boolean isInterrupted(int exitValue) {
        return exitValue == 130 || exitValue == 143;
    }

    private void forwardLog() {
        try (BufferedReader reader = process.inputReader()) {
            reader.lines()
                    .map(line -> COLOR.matcher(line).replaceAll("").stripTrailing())
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> System.out.println("  | " + line));
        } catch (IOException | UncheckedIOException e) {
            System.out.println("  The server's log ends here: " + e.getMessage());
        }
    }

    private void stop() {
        stopping = true;
        // unlike Process.destroy(), this leaves the log open
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the server, if it still runs. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook is running, and need not be removed
        }
    }
}
