package dev.channels.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/**
 * Runs the demo on a server until it is interrupted. It runs in Maven's own JVM, so that there is
 * no process between Maven and the server that could end before it.
 */
public final class DemoServer {

    private static final Duration ALWAYS = Duration.ofDays(10_000);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    private DemoServer() {}

    /**
     * Runs the demo.
     *
     * @param arguments the server, the port, and the build's output directory
     * @throws Exception if it cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        String name = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        Path target = Path.of(arguments[2]).toAbsolutePath();

        Server server = Server.named(name);
        if (!FreePorts.isFree(port)) {
            throw new IllegalStateException(
                    "Port "
                            + port
                            + " is taken; choose another one: mvn -Pdemo -Dhttp.port="
                            + (port + 1));
        }
        System.out.println("Starting " + server + " ...");
        Path home = target.resolve("servers").resolve(name);
        Path base = target.resolve("demo").resolve(name);
        try (ServerProcess process =
                start(server, home, base, port, target.resolve("classes"), System.out)) {
            URI ticks = URI.create("ws://localhost:" + port + "/demo/ws/ticks");
            if (new FirstEvent().await(process, ticks, START_TIMEOUT)) {
                announce(server, port, Duration.ofNanos(System.nanoTime() - begin));
                process.waitFor(ALWAYS);
            }
        }
    }

    /**
     * Starts the demo in a process of its own.
     *
     * @param server where it runs
     * @param home where that is installed
     * @param base the directory for what it writes; what is there is deleted
     * @param port the port it shall listen on
     * @param library the library's JAR, or the folder of its classes
     * @param log gets what the server writes to its console
     */
    static ServerProcess start(
            Server server, Path home, Path base, int port, Path library, PrintStream log)
            throws IOException {
        Path war = server.prepare(home, Directories.recreate(base), port);
        Files.createDirectories(war.getParent());
        DemoArchive.with(library).as(ZipExporter.class).exportTo(war.toFile());
        return new ServerProcess(server.command(home, base, port), log);
    }

    private static void announce(Server server, int port, Duration took) {
        System.out.printf(
                "%n  Channels EE on %s: first event after %.1f s.%n%n"
                        + "      http://localhost:%d/demo/%n%n"
                        + "  Open it in two windows. Ctrl-C stops the server.%n%n",
                server, took.toMillis() / 1000.0, port);
    }
}
