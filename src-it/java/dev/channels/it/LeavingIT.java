package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a client leaves, nothing of it stays, though nothing is published and no server tells.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class LeavingIT {

    private static final int CLIENTS = Integer.getInteger("leaving.clients", 200);

    /** Open Liberty takes three seconds for each client that broke the protocol. */
    private static final int BREAKING_CLIENTS =
            Integer.getInteger(
                    "leaving.clients",
                    System.getProperty("arquillian.launch").equals("liberty") ? 20 : CLIENTS);

    private static final int SOME = 16;

    private static final Duration PATIENCE =
            Duration.ofSeconds(Integer.getInteger("leaving.patience", 90));

    /** Of the node, which hears what other nodes ask of its clients. */
    private static final int OTHER_SUBSCRIBERS = 1;

    /** What else the server opens and closes meanwhile. */
    private static final int OTHER_DESCRIPTORS = 50;

    /** Some that have ended are the last in a pool of the server's. */
    private static final int OTHER_SESSIONS = 50;

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "leaving",
                        "channels.names=quiet",
                        "channels.create-ws-route-handlers=true",
                        "channels.client-endpoint=true",
                        "channels.client-connect-timeout=3s",
                        "channels.ws-ping-interval=3s",
                        "channels.ws-send-timeout=5s")
                .addClass(LoadServlet.class);
    }

    /** How a client leaves whose handshake has been sent. */
    enum Way {
        RESET_AT_ONCE {
            @Override
            void leave(RawClient client) throws IOException {
                client.reset();
            }
        },
        CLOSE_AT_ONCE {
            @Override
            void leave(RawClient client) {}
        },
        RESET_AFTER_THE_ANSWER {
            @Override
            void leave(RawClient client) throws IOException {
                assertLetIn(client);
                client.reset();
            }
        },
        CLOSE_AFTER_THE_ANSWER {
            @Override
            void leave(RawClient client) throws IOException {
                assertLetIn(client);
            }
        },
        HALF_CLOSE {
            @Override
            void leave(RawClient client) throws IOException {
                assertLetIn(client);
                client.halfClose();
            }
        },
        INVALID_CLOSE_CODE {
            @Override
            void leave(RawClient client) throws IOException {
                assertLetIn(client);
                // 5000, masked with zeros, and a reason
                client.send("\u0088\u0084\0\0\0\0\u0013\u0088hi");
            }
        },
        ENDLESS_FRAME {
            @Override
            void leave(RawClient client) throws IOException {
                assertLetIn(client);
                client.send("\u0082\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0\0\0");
            }
        };

        abstract void leave(RawClient client) throws IOException;

        /** One server answered 500 once, and nobody had written down why. */
        private static void assertLetIn(RawClient client) throws IOException {
            assertThat(client.head()).as(Way::endOfTheLog).startsWith("HTTP/1.1 101 ");
        }

        private static String endOfTheLog() {
            List<String> lines = ServerLog.lines();
            int from = Math.max(0, lines.size() - 60);
            return String.join("\n", lines.subList(from, lines.size()));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nothingStays(Way way) throws Exception {
        await().until(() -> number("subscribers") == OTHER_SUBSCRIBERS);
        int descriptors = number("descriptors");
        int sessions = number("sessions");
        String handshake = handshake("/quiet");
        try (Client other = Client.connect(application, "quiet")) {
            boolean breaks = way == Way.INVALID_CLOSE_CODE || way == Way.ENDLESS_FRAME;
            int clients = breaks ? BREAKING_CLIENTS : CLIENTS;
            for (int i = 0; i < clients; i++) {
                try (RawClient client = RawClient.connect(application).send(handshake)) {
                    way.leave(client);
                }
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(number("subscribers"))
                                            .isEqualTo(OTHER_SUBSCRIBERS + 1));
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    number("descriptors")
                                            < descriptors
                                                    + Math.min(clients / 2, OTHER_DESCRIPTORS));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(
                            () ->
                                    assertThat(number("sessions"))
                                            .isLessThan(sessions + OTHER_SESSIONS));
            assertThat(other.isClosed()).isFalse();
        }
    }

    /** The look at all clients would take minutes, did it wait for the end of each of these. */
    @Test
    void othersAreLookedAfterWhileClientsThatBrokeTheProtocolAreEnded() throws Exception {
        String handshake = handshake("/connection/websocket");
        for (int i = 0; i < SOME; i++) {
            try (RawClient client = RawClient.connect(application).send(handshake)) {
                (i % 2 == 0 ? Way.INVALID_CLOSE_CODE : Way.ENDLESS_FRAME).leave(client);
            }
        }
        try (JsonClient silent = JsonClient.open(application)) {
            assertThat(silent.awaitClose()).as("No connect in time").isEqualTo(3000);
        }
        await().atMost(PATIENCE).until(() -> number("connections") == 0);
    }

    private String handshake(String path) {
        return RawClient.handshake(
                application, application.getPath().replaceFirst("/$", "") + path);
    }

    private int number(String what) throws Exception {
        return Integer.parseInt(Http.get(application, "load/" + what).body());
    }
}
