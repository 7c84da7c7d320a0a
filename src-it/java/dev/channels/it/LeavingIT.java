package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a client leaves, nothing of it stays, though nothing is published and no server tells.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class LeavingIT {

    private static final int CLIENTS = 500;

    /** Open Liberty takes three seconds for each client that broke the protocol. */
    private static final int BREAKING_CLIENTS =
            Integer.getInteger(
                    "leaving.clients",
                    System.getProperty("arquillian.launch").equals("liberty") ? 50 : CLIENTS);

    private static final Duration PATIENCE =
            Duration.ofSeconds(Integer.getInteger("leaving.patience", 90));

    /** What else the server opens and closes meanwhile. */
    private static final int OTHER_DESCRIPTORS = 50;

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "leaving",
                        "channels.names=quiet",
                        "channels.create-ws-route-handlers=true",
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
                assertThat(client.status()).isEqualTo(101);
                client.reset();
            }
        },
        CLOSE_AFTER_THE_ANSWER {
            @Override
            void leave(RawClient client) throws IOException {
                assertThat(client.status()).isEqualTo(101);
            }
        },
        HALF_CLOSE {
            @Override
            void leave(RawClient client) throws IOException {
                assertThat(client.status()).isEqualTo(101);
                client.halfClose();
            }
        },
        INVALID_CLOSE_CODE {
            @Override
            void leave(RawClient client) throws IOException {
                assertThat(client.status()).isEqualTo(101);
                // 5000, masked with zeros, and a reason
                client.send("\u0088\u0084\0\0\0\0\u0013\u0088hi");
            }
        },
        ENDLESS_FRAME {
            @Override
            void leave(RawClient client) throws IOException {
                assertThat(client.status()).isEqualTo(101);
                client.send("\u0082\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0\0\0");
            }
        };

        abstract void leave(RawClient client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nothingStays(Way way) throws Exception {
        await().until(() -> number("subscribers") == 0);
        int descriptors = number("descriptors");
        String target = application.getPath().replaceFirst("/$", "") + "/quiet";
        String handshake = RawClient.handshake(application, target);
        try (Client other = Client.connect(application, "quiet")) {
            boolean breaks = way == Way.INVALID_CLOSE_CODE || way == Way.ENDLESS_FRAME;
            int clients = breaks ? BREAKING_CLIENTS : CLIENTS;
            for (int i = 0; i < clients; i++) {
                try (RawClient client = RawClient.connect(application).send(handshake)) {
                    way.leave(client);
                }
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(number("subscribers")).isEqualTo(1));
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    number("descriptors")
                                            < descriptors
                                                    + Math.min(clients / 2, OTHER_DESCRIPTORS));
            assertThat(other.isClosed()).isFalse();
        }
    }

    private int number(String what) throws Exception {
        return Integer.parseInt(Http.get(application, "load/" + what).body());
    }
}
