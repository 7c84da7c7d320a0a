package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.Server;
import dev.channels.demo.ServerProcess;
import dev.channels.it.messaging.TickServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Reactive Messaging on Open Liberty, on a server of its own: with its feature every application of
 * the server has it.
 */
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "liberty")
class MessagingOnLiberty {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private static URI application;
    private static PrintStream log;
    private static ServerProcess process;

    @BeforeAll
    static void start() throws Exception {
        Path servers = Path.of(System.getProperty("servers.directory")).toAbsolutePath();
        Path home = servers.resolve("liberty");
        Path base = Directories.recreate(servers.resolveSibling("messaging"));
        int port = FreePorts.any();
        application = URI.create("http://localhost:" + port + "/demo/");
        Server liberty = Server.named("liberty");
        Path war = liberty.prepare(home, base, port);
        Files.createDirectories(war.getParent());
        Wars.war(
                        "demo",
                        "channels.names=ticks,prices",
                        "channels.create-ws-route-handlers=true",
                        "channels.ws-handler-base-path=/ws",
                        "mp.messaging.outgoing.to-ticks.connector=channels-ee",
                        "mp.messaging.outgoing.to-ticks.channel=ticks",
                        "mp.messaging.incoming.ticks.connector=channels-ee",
                        "mp.messaging.outgoing.prices.connector=channels-ee")
                .addPackage(TickServlet.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        Path configuration = base.resolve("servers/demo/server.xml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace(
                                "</featureManager>",
                                "<feature>mpReactiveMessaging-3.0</feature></featureManager>"));
        log = new PrintStream(base.resolve("console.log").toFile());
        process = new ServerProcess(liberty.command(home, base, port), log);
        await().atMost(START_TIMEOUT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(MessagingOnLiberty::isThere);
    }

    /** A message that cannot be published is refused, once the application is there. */
    private static boolean isThere() throws Exception {
        process.waitFor(Duration.ZERO);
        return Http.post(application, "ticks", "").statusCode() == 200;
    }

    @AfterAll
    static void stop() throws Exception {
        if (process != null) {
            process.close();
            log.close();
        }
    }

    @Test
    void messagesPassFromChannelToChannel() throws Exception {
        List<String> prices = new ArrayList<>();
        try (Client client = Client.connect(application, "ws/prices")) {
            // The handshake is done before the subscription is.
            await().until(
                            () -> {
                                Http.post(application, "ticks?tick=first", "");
                                return client.count() > 0;
                            });
            for (int tick = 1; tick <= 20; tick++) {
                assertThat(Http.post(application, "ticks?tick=" + tick, "").body())
                        .isEqualTo("acknowledged");
                prices.add("price-" + tick);
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(client.texts())
                                            .filteredOn(text -> !text.equals("price-first"))
                                            .containsExactlyElementsOf(prices));
        }
    }

    @Test
    void messageThatCannotBePublishedIsRefused() throws Exception {
        assertThat(Http.post(application, "ticks", "").body()).isEqualTo("refused NOT_ENCODABLE");
    }
}
