package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.clients.EchoCalls;
import dev.channels.testkit.FollowingClient;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand clients that lose their connections at once, and come back at once. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class StormIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final int CLIENTS = Integer.getInteger("storm.clients", 1000);
    private static final int CHANNELS_OF_A_CLIENT = 10;
    private static final int CHANNELS = 100;
    private static final int BEHIND = 100;

    /** So many at a time: a server accepts 128 or so before it has got round to them. */
    private static final int AT_ONCE = 100;

    private final List<FollowingClient> clients = new ArrayList<>();

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "storm",
                        "channels.names=storm-*",
                        "channels.client-endpoint=true",
                        "channels.memory.history=1000")
                .addPackage(EchoCalls.class.getPackage());
    }

    @AfterEach
    void close() {
        clients.forEach(FollowingClient::close);
    }

    private void publish(String channel, int from, int to) throws Exception {
        Http.put(application, "connections?channel=" + channel + "&from=" + from + "&to=" + to);
    }

    /** Returns the names of channels, one after another, from one on. */
    private static List<String> channels(String prefix, int first, int count, int of) {
        return IntStream.range(0, count).mapToObj(i -> prefix + (first + i) % of).toList();
    }

    private void connectAll() {
        for (int i = 0; i < clients.size(); i += AT_ONCE) {
            List<FollowingClient> next = clients.subList(i, Math.min(clients.size(), i + AT_ONCE));
            CompletableFuture.allOf(
                            next.stream()
                                    .map(FollowingClient::connect)
                                    .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private void awaitAll(int number) {
        try {
            await().atMost(LONG)
                    .until(
                            () ->
                                    clients.stream()
                                            .allMatch(
                                                    it ->
                                                            it.isAt(number)
                                                                    || !it.fault().isEmpty()));
        } catch (ConditionTimeoutException e) {
            assertThat(clients).as("clients at " + number).allMatch(it -> it.isAt(number));
        }
        assertThat(clients).extracting(FollowingClient::fault).containsOnly("");
    }

    @Test
    void allComeBackAtOnceAndHaveWhatTheyMissed() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(
                    new FollowingClient(
                            application, channels("storm-", i, CHANNELS_OF_A_CLIENT, CHANNELS)));
        }
        connectAll();
        awaitAll(0);
        clients.forEach(FollowingClient::cut);
        for (String channel : channels("storm-", 0, CHANNELS, CHANNELS)) {
            publish(channel, 1, BEHIND);
        }
        long begin = System.nanoTime();
        connectAll();
        long connected = System.nanoTime();
        awaitAll(BEHIND);
        long end = System.nanoTime();
        for (String channel : channels("storm-", 0, CHANNELS, CHANNELS)) {
            publish(channel, BEHIND + 1, BEHIND + 3);
        }
        awaitAll(BEHIND + 3);
        System.out.printf(
                "STORM %s clients=%d recovered=%d connected=%.1fs recovered=%.1fs heap=%sMB%n",
                System.getProperty("arquillian.launch"),
                clients.size(),
                clients.stream().mapToLong(FollowingClient::received).sum(),
                (connected - begin) / 1e9,
                (end - begin) / 1e9,
                Http.get(application, "connections?heap").body());
    }
}
