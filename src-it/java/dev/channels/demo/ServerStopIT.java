package dev.channels.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.testkit.Client;
import dev.channels.testkit.TestedServer;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A server that is stopped while clients are connected; one that only this test knows. */
class ServerStopIT {

    private static final int CLIENTS = 50;
    private static final int GOING_AWAY = 1001;
    private static final int NO_CLOSE_FRAME = 1006;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final String name = System.getProperty("arquillian.launch");
    private final Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
    private final Path home = servers.resolve(name);
    private final Path directory = servers.resolveSibling("stop");
    private final Path base = directory.resolve(name);

    private interface Action {
        void run() throws Exception;
    }

    /**
     * Open Liberty quiesces at first, and with that cuts the connections, before it tells an
     * application anything. GlassFish 8 stops its listeners and its applications in any order.
     */
    @Test
    void clientsAreToldThatTheServerStops() throws Exception {
        Set<Integer> expected =
                TestedServer.isGlassFish8()
                        ? Set.of(GOING_AWAY, NO_CLOSE_FRAME)
                        : Set.of(name.equals("liberty") ? NO_CLOSE_FRAME : GOING_AWAY);
        assertThat(closeCodesAfter(() -> {})).hasSize(CLIENTS).isSubsetOf(expected);
    }

    @Test
    @EnabledIfSystemProperty(named = "arquillian.launch", matches = "liberty")
    void clientsAreToldThatOpenLibertyStopsWithoutQuiescing() throws Exception {
        assertThat(
                        closeCodesAfter(
                                () ->
                                        new LibertyServer()
                                                .forcedStop(home, base)
                                                .redirectErrorStream(true)
                                                .redirectOutput(Redirect.DISCARD)
                                                .start()
                                                .waitFor()))
                .hasSize(CLIENTS)
                .containsOnly(GOING_AWAY);
    }

    /** Connects, stops the server, by a signal if not before, and returns what each client saw. */
    private List<Integer> closeCodesAfter(Action stop) throws Exception {
        Files.createDirectories(directory);
        int port = FreePorts.any();
        try (PrintStream log = new PrintStream(directory.resolve(name + ".log").toFile());
                ServerProcess server =
                        DemoServer.start(
                                Server.named(name),
                                home,
                                base,
                                port,
                                DemoArchive.with(Path.of(System.getProperty("library.jar"))),
                                log)) {
            URI ticks = URI.create("ws://localhost:" + port + "/demo/ws/ticks");
            assertThat(new FirstEvent().await(server, ticks, START_TIMEOUT)).isTrue();
            URI application = URI.create("http://localhost:" + port + "/demo/");
            List<Client> clients =
                    Stream.generate(() -> Client.connect(application, "ws/ticks"))
                            .limit(CLIENTS)
                            .toList();
            clients.forEach(client -> await().until(() -> client.count() > 0));
            stop.run();
            assertThat(server.stop()).as("The server ended by itself, and in time").isTrue();
            return clients.stream().map(ServerStopIT::closeCode).toList();
        }
    }

    private static int closeCode(Client client) {
        try {
            return client.awaitClose();
        } catch (ExecutionException e) {
            return NO_CLOSE_FRAME;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
