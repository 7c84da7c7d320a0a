package dev.channels.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

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
     * @param arguments the server, the port, how many nodes (1 or 2), and the build's output
     *     directory
     * @throws Exception if it cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        String name = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        String nodes = arguments[2];
        Path target = Path.of(arguments[3]).toAbsolutePath();

        Server server = Server.named(name);
        if (!nodes.equals("1") && !nodes.equals("2")) {
            throw new IllegalArgumentException("-Dnodes=" + nodes + ": choose 1 or 2");
        }
        boolean isAlone = nodes.equals("1");
        checkFree(port, port);
        Path home = target.resolve("servers").resolve(name);
        Path base = target.resolve("demo").resolve(name);
        Path library = target.resolve("classes");
        System.out.println("Starting " + server + (isAlone ? "" : " twice") + " ...");
        if (isAlone) {
            try (ServerProcess process =
                    start(server, home, base, port, DemoArchive.with(library), System.out)) {
                if (awaitEvent(process, port)) {
                    announce(server, begin, port);
                    process.waitFor(ALWAYS);
                }
            }
        } else {
            checkFree(port + 1, port);
            try (DemoNodes both =
                    new DemoNodes(server, home, base, library, port, port + 1, System.out)) {
                if (awaitEvent(both.first(), port) && awaitEvent(both.second(), port + 1)) {
                    announce(server, begin, port, port + 1);
                    both.first().waitFor(ALWAYS);
                }
            }
        }
    }

    private static void checkFree(int port, int first) {
        if (!FreePorts.isFree(port)) {
            throw new IllegalStateException(
                    "Port "
                            + port
                            + " is taken; choose another one: mvn -Pdemo -Dhttp.port="
                            + (first + 1));
        }
    }

    /**
     * Starts the demo in a process of its own.
     *
     * @param server where it runs
     * @param home where that is installed
     * @param base the directory for what it writes; what is there is deleted
     * @param port the port it shall listen on
     * @param demo the WAR
     * @param log gets what the server writes to its console
     */
    static ServerProcess start(
            Server server, Path home, Path base, int port, WebArchive demo, PrintStream log)
            throws IOException {
        Path war = server.prepare(home, Directories.recreate(base), port);
        Files.createDirectories(war.getParent());
        demo.as(ZipExporter.class).exportTo(war.toFile());
        return new ServerProcess(server.command(home, base, port), log);
    }

    /** Returns the address of the page. */
    static URI page(int port) {
        return URI.create("http://localhost:" + port + "/demo/");
    }

    private static boolean awaitEvent(ServerProcess process, int port) throws InterruptedException {
        URI ticks = URI.create("ws://localhost:" + port + "/demo/ws/ticks");
        return new FirstEvent().await(process, ticks, START_TIMEOUT);
    }

    private static void announce(Server server, long begin, int... ports) {
        System.out.printf(
                "%n  Channels EE on %s: first event after %.1f s.%n%n",
                server, Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0);
        for (int port : ports) {
            System.out.println("      " + page(port));
        }
        System.out.printf(
                ports.length == 1
                        ? "%n  Open it in two windows. Ctrl-C stops the server.%n%n"
                        : "%n  Open both: two nodes on one Redis. Ctrl-C stops them.%n%n");
    }
}
