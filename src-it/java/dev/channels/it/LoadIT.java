package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.load.LoadServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.StuckClient;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many publishers, many sockets, and some that do not read. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class LoadIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Payara drops what is queued when it closes, and with it the close frame, or not. */
    private static final List<Integer> CODES_FOR_THE_STUCK =
            System.getProperty("arquillian.launch").equals("payara")
                    ? List.of(1008, StuckClient.NO_CLOSE_FRAME)
                    : List.of(1008);

    /** More events than all buffers hold. */
    private static final int MANY = 200;

    /** Characters of an event that soon fills what is on the way. */
    private static final int LARGE = 400_000;

    private static final int STUCK = 200;

    /** Events of 60,000 characters that no buffers between a server and its client hold. */
    private static final int TOO_MANY = 100;

    private final List<Client> clients = new ArrayList<>();

    private static WebArchive war(String name, String... properties) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "channels.names=load,slow",
                                "channels.create-ws-route-handlers=true"));
        all.addAll(List.of(properties));
        return Wars.war(name, all.toArray(String[]::new)).addClass(LoadServlet.class);
    }

    @Deployment(name = "load", testable = false)
    static WebArchive load() {
        return war("load", "channels.ws-send-timeout=8s");
    }

    @Deployment(name = "dropleft", testable = false)
    static WebArchive dropleft() {
        return war(
                "dropleft",
                "channels.subscriber-backlog-strategy=dropleft",
                "channels.subscriber-max-backlog=5");
    }

    @Deployment(name = "disconnect", testable = false)
    static WebArchive disconnect() {
        return war(
                "disconnect",
                "channels.subscriber-backlog-strategy=disconnect",
                "channels.subscriber-max-backlog=5");
    }

    @AfterEach
    void close() {
        clients.forEach(Client::close);
    }

    @Test
    void everySocketGetsEveryEventInTheOrderOfItsPublisher(
            @ArquillianResource @OperateOnDeployment("load") URI application) throws Exception {
        connect(application, 50);
        publish(application, "load", 64, 50, 10);
        clients.forEach(client -> awaitCount(client, 64 * 50));
        List<String> stream = clients.get(0).texts();
        assertThat(clients).allSatisfy(client -> assertThat(client.texts()).isEqualTo(stream));
        Map<String, Integer> next = new HashMap<>();
        for (String text : stream) {
            String[] words = text.split(" ");
            int expected = next.getOrDefault(words[0], 0);
            assertThat(words[1]).as(text).isEqualTo(String.valueOf(expected));
            next.put(words[0], expected + 1);
        }
        assertThat(next).hasSize(64).values().containsOnly(50);
    }

    @Test
    void thousandSocketsNeedNoThousandThreads(
            @ArquillianResource @OperateOnDeployment("load") URI application) throws Exception {
        // The server's own pools grow with the first requests.
        publish(application, "load", 1, 1, 1);
        int before = number(application, "threads-from-now");
        connect(application, 1000);
        publish(application, "load", 1, 10, 100);
        clients.forEach(client -> awaitCount(client, 10));
        int peak = number(application, "peak-of-threads");
        System.out.println(
                "THREADS "
                        + System.getProperty("arquillian.launch")
                        + " before="
                        + before
                        + " peak="
                        + peak);
        List<String> stream = clients.get(0).texts();
        assertThat(clients).allSatisfy(client -> assertThat(client.texts()).isEqualTo(stream));
        assertThat(peak - before).isLessThan(60);
    }

    @Test
    void largeEventArrives(@ArquillianResource @OperateOnDeployment("load") URI application)
            throws Exception {
        connect(application, 1);
        publish(application, "load", 1, 1, 200_000);
        awaitCount(clients.get(0), 1);
        assertThat(clients.get(0).texts()).containsExactly("0 0 " + "x".repeat(200_000));
    }

    @Test
    void clientThatStopsReadingIsClosedWhileTheOthersGoOn(
            @ArquillianResource @OperateOnDeployment("load") URI application) throws Exception {
        try (Client reader = Client.connect(application, "slow");
                StuckClient stuck = StuckClient.connect(application, "slow")) {
            awaitSubscribers(application, 2);
            // The stuck client's backlog holds 1 MiB; the rest is dropped, and it is closed later.
            publishUntilDropped(application, reader);
            assertThat(stuck.isStuck()).isTrue();
            awaitSubscribers(application, 1);
            int before = reader.count();
            publish(application, "slow", 1, 1, 10);
            awaitCount(reader, before + 1);
            StuckClient.Rest rest = stuck.readToEnd();
            assertThat(rest.texts()).hasSizeLessThan(before);
            assertThat(rest.closeCode()).isIn(CODES_FOR_THE_STUCK);
        }
    }

    /** Open Liberty waits 30 s for the client's close frame. */
    @Test
    void connectionOfAClientThatDoesNotReadIsEnded(
            @ArquillianResource @OperateOnDeployment("load") URI application) throws Exception {
        try (Client reader = Client.connect(application, "slow");
                StuckClient stuck = StuckClient.connect(application, "slow")) {
            awaitSubscribers(application, 2);
            publishUntilDropped(application, reader);
            assertThat(stuck.isStuck()).isTrue();
            await().atMost(LONG).during(Duration.ofMillis(500)).until(stuck::isDisconnected);
            assertThat(reader.isClosed()).isFalse();
        }
    }

    /** As many as may sit behind one gateway that dies. */
    @Test
    void hundredsOfStuckClientsAreClosedByFewThreads(
            @ArquillianResource @OperateOnDeployment("load") URI application) throws Exception {
        // The server's own pools grow with the first requests.
        publish(application, "load", 1, 1, 1);
        int before = number(application, "threads-from-now");
        List<StuckClient> stuck = new ArrayList<>();
        try (Client reader = Client.connect(application, "slow")) {
            for (int i = 0; i < STUCK; i++) {
                stuck.add(StuckClient.connect(application, "slow"));
            }
            awaitSubscribers(application, STUCK + 1);
            for (int i = 1; i <= TOO_MANY; i++) {
                publish(application, "slow", 1, 1, 60_000);
                awaitCount(reader, i);
            }
            awaitSubscribers(application, 1);
            assertThat(number(application, "peak-of-threads") - before).isLessThan(60);
            int seen = reader.count();
            publish(application, "slow", 1, 1, 10);
            awaitCount(reader, seen + 1);
        } finally {
            for (StuckClient client : stuck) {
                client.close();
            }
        }
        await().atMost(LONG).until(() -> number(application, "threads") < before + 30);
    }

    @Test
    void dropleftGivesASlowClientTheNewestEvents(
            @ArquillianResource @OperateOnDeployment("dropleft") URI application) throws Exception {
        try (Client reader = Client.connect(application, "slow");
                StuckClient stuck = StuckClient.connect(application, "slow")) {
            awaitSubscribers(application, 2);
            publishUntilDropped(application, reader);
            assertThat(stuck.isStuck()).isTrue();
            List<String> all = reader.texts();
            // A backlog of 1 MiB holds two of these events.
            List<String> newest = all.subList(all.size() - 2, all.size());
            List<String> seen = new ArrayList<>();
            while (seen.isEmpty() || !seen.get(seen.size() - 1).equals(newest.get(1))) {
                seen.add(stuck.readText());
            }
            assertThat(seen).hasSizeLessThan(all.size()).endsWith(newest.toArray(String[]::new));
            assertThat(all).containsSubsequence(seen);
        }
    }

    @Test
    void disconnectClosesASlowClientWithTryAgainLater(
            @ArquillianResource @OperateOnDeployment("disconnect") URI application)
            throws Exception {
        try (Client reader = Client.connect(application, "slow");
                StuckClient stuck = StuckClient.connect(application, "slow")) {
            awaitSubscribers(application, 2);
            publishUntil(application, reader, () -> number(application, "subscribers") == 1);
            assertThat(stuck.isStuck()).isTrue();
            StuckClient.Rest rest = stuck.readToEnd();
            assertThat(rest.closeCode()).isEqualTo(1013);
            assertThat(reader.texts()).startsWith(rest.texts().toArray(String[]::new));
            assertThat(reader.isClosed()).isFalse();
        }
    }

    private static void publishUntilDropped(URI application, Client reader) throws Exception {
        int before = number(application, "dropped");
        publishUntil(application, reader, () -> number(application, "dropped") > before);
    }

    /**
     * Publishes large events, each a little longer than the one before, until the sockets and the
     * server's own buffers are full and something has happened. A reader has to get each of them
     * without delay.
     */
    private static void publishUntil(URI application, Client reader, Callable<Boolean> happened)
            throws Exception {
        int events = 0;
        while (!happened.call()) {
            assertThat(events)
                    .as("Events that a client who does not read was sent")
                    .isLessThan(MANY);
            events++;
            publish(application, "slow", 1, 1, LARGE + events);
            awaitCount(reader, events);
        }
    }

    private void connect(URI application, int count) {
        IntStream.range(0, count).forEach(i -> clients.add(Client.connect(application, "load")));
        // A handshake ends before the endpoint has subscribed.
        awaitSubscribers(application, count);
    }

    private static void awaitCount(Client client, int count) {
        await().pollDelay(Duration.ZERO).atMost(LONG).until(() -> client.count() >= count);
        assertThat(client.count()).isEqualTo(count);
    }

    private static void awaitSubscribers(URI application, int count) {
        await().atMost(LONG).until(() -> number(application, "subscribers") == count);
    }

    private static void publish(URI application, String channel, int threads, int events, int size)
            throws Exception {
        String query =
                String.format(
                        "load/publish?channel=%s&threads=%d&events=%d&size=%d",
                        channel, threads, events, size);
        assertThat(Http.post(application, query, "").statusCode()).isEqualTo(200);
    }

    private static int number(URI application, String what) throws Exception {
        return Integer.parseInt(Http.get(application, "load/" + what).body());
    }
}
