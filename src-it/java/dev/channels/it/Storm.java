package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.clients.ConnectionsServlet;
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
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Clients of one application that lose their connections at once, miss a hundred events of each of
 * their ten channels, and come back at once.
 */
final class Storm implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(60);
    private static final String NAME = "storm-";
    private static final int CHANNELS_OF_A_CLIENT = 10;
    private static final int CHANNELS = 100;
    private static final int BEHIND = 100;

    /** So many at a time: a server accepts 128 or so before it has got round to them. */
    private static final int AT_ONCE = 100;

    private final List<FollowingClient> clients = new ArrayList<>();
    private final URI application;

    /** Makes as many clients as the system property {@code storm.clients} says. */
    Storm(URI application) {
        this.application = application;
        for (int i = 0; i < Integer.getInteger("storm.clients", 1000); i++) {
            clients.add(new FollowingClient(application, channels(i, CHANNELS_OF_A_CLIENT)));
        }
    }

    /** Makes the application, with the keys of its backend. */
    static WebArchive war(String name, String... backend) {
        List<String> keys =
                new ArrayList<>(
                        List.of(
                                "channels.names=" + NAME + "*",
                                "channels.client-endpoint=true",
                                // Who does not read is not to be ended for that alone.
                                "channels.ws-send-timeout=60s",
                                "channels.client-ping-interval=60s"));
        keys.addAll(List.of(backend));
        return Wars.war(name, keys.toArray(String[]::new))
                .addPackage(ConnectionsServlet.class.getPackage());
    }

    /** Lets it happen, and prints what it took. */
    void run(String where) throws Exception {
        connectAll();
        awaitAll(0);
        clients.forEach(FollowingClient::cut);
        publishToAll(1, BEHIND);
        long readsBefore = number("reads");
        number("peak");
        long begin = System.nanoTime();
        connectAll();
        long connected = System.nanoTime();
        awaitAll(BEHIND);
        long end = System.nanoTime();
        long reads = number("reads") - readsBefore;
        long peak = number("peak");
        publishToAll(BEHIND + 1, BEHIND + 3);
        awaitAll(BEHIND + 3);
        System.out.printf(
                "STORM %s clients=%d events=%d connected=%.1fs recovered=%.1fs reads=%d"
                        + " peak=%dMB heap=%dMB%n",
                where,
                clients.size(),
                clients.stream().mapToLong(FollowingClient::received).sum(),
                (connected - begin) / 1e9,
                (end - begin) / 1e9,
                reads,
                peak,
                number("heap"));
    }

    private long number(String what) throws Exception {
        return Long.parseLong(Http.get(application, "connections?" + what).body());
    }

    private void publishToAll(int from, int to) throws Exception {
        for (String channel : channels(0, CHANNELS)) {
            Http.put(application, "connections?channel=" + channel + "&from=" + from + "&to=" + to);
        }
    }

    /** Returns the names of channels, one after another, from one on. */
    private static List<String> channels(int first, int count) {
        return IntStream.range(0, count).mapToObj(i -> NAME + (first + i) % CHANNELS).toList();
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

    @Override
    public void close() {
        clients.forEach(FollowingClient::close);
    }
}
