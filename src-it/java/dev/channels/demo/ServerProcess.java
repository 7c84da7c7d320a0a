package dev.channels.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The process of a server. It does not outlive this JVM, however that one is asked to end. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern COLOR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Process process;
    private final PrintStream log;
    private final Thread hook = new Thread(this::stop, "server-stop");
    private volatile boolean stopping;

    /**
     * Starts the process.
     *
     * @param log gets what it writes, line by line
     */
    public ServerProcess(ProcessBuilder command, PrintStream log) throws IOException {
        this.log = log;
        process = command.redirectErrorStream(true).start();
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            stop();
            throw e;
        }
        process.getOutputStream().close();
        Thread forwarding = new Thread(this::forwardLog, "server-log");
        forwarding.setDaemon(true);
        forwarding.start();
    }

    /**
     * Waits for the end of the process.
     *
     * @return whether it is time to end
     * @throws IllegalStateException if the process ended without being asked
     */
    public boolean waitFor(Duration timeout) throws InterruptedException {
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
                    .forEach(line -> log.println("  | " + line));
        } catch (IOException | UncheckedIOException e) {
            log.println("  The server's log ends here: " + e.getMessage());
        }
    }

    /**
     * Asks the server to end, as an operating system does, and kills it if it does not.
     *
     * @return whether it ended by itself
     */
    public boolean stop() {
        stopping = true;
        // unlike Process.destroy(), this leaves the log open
        process.toHandle().destroy();
        try {
            if (process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                return true;
            }
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends the server at once, as a crash would. */
    public void kill() throws InterruptedException {
        stopping = true;
        process.destroyForcibly().waitFor();
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
