package dev.channels.it;

import static org.awaitility.Awaitility.await;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.Server;
import dev.channels.demo.ServerProcess;
import dev.channels.testkit.Http;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** A WildFly with one application, in a process that a test may kill. */
final class NodeProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    private final PrintStream log;
    private final ServerProcess process;
    private final URI application;

    /**
     * Starts it, on a port that is free.
     *
     * @param home where the server is installed
     * @param base becomes its own directory; its log is beside it
     */
    NodeProcess(Path home, Path base, WebArchive war) throws IOException {
        int port = FreePorts.any();
        Server server = Server.named("wildfly");
        Path deployed = server.prepare(home, Directories.recreate(base), port);
        Files.createDirectories(deployed.getParent());
        war.as(ZipExporter.class).exportTo(deployed.toFile());
        log = new PrintStream(base.resolveSibling(base.getFileName() + ".log").toFile());
        process = new ServerProcess(server.command(home, base, port), log);
        application = URI.create("http://localhost:" + port + "/demo/");
    }

    URI application() {
        return application;
    }

    /** Waits until there is something on a path of the application. */
    NodeProcess awaitStarted(String path) {
        await().atMost(START_TIMEOUT)
                .ignoreExceptions()
                .until(() -> Http.get(application, path).statusCode() == 200);
        return this;
    }

    /** Ends the process at once, without a word to anybody. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
        log.close();
    }
}
