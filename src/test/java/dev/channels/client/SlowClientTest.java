package dev.channels.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.BacklogStrategy;
import dev.channels.Caller;
import dev.channels.client.connected.OpenClients;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.stream.EventForms;
import dev.channels.endpoint.NodeWithDoors;
import dev.channels.endpoint.policy.Policies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that does not read for a while: whatever the strategy, it has all events in the end. */
class SlowClientTest {

    private static final String PUSH_B = "{\"push\":{\"channel\":\"b\",";
    private static final Pattern EVENT = Pattern.compile("\\{\"data\":(\\d+),\"offset\":(\\d+)\\}");
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    /** A number of this many digits, so that few of them fill a backlog. */
    private static final int DIGITS = 50_000;

    private final OpenClients clients = new OpenClients();
    private NodeWithDoors open;
    private int published;

    @AfterEach
    void end() {
        open.close();
    }

    private ClientConnection begin(BacklogStrategy strategy, MemoryRemote remote) throws Exception {
        open =
                new NodeWithDoors(
                        Set.of("a", "b"),
                        new Policies(List.of()),
                        strategy,
                        Duration.ofSeconds(30));
        ClientConnection connection = connect(remote);
        says(connection, subscribe(2, "a", ""), subscribe(3, "b", ""));
        awaits(remote, "{\"id\":2,\"subscribe\"");
        awaits(remote, "{\"id\":3,\"subscribe\"");
        return connection;
    }

    private ClientConnection connect(MemoryRemote remote) {
        ClientConnection connection =
                new ClientConnection(
                        Contexts.of(open, clients, null),
                        EventForms.json(true),
                        remote,
                        Caller.ANONYMOUS,
                        "test");
        connection.begin();
        says(connection, "{\"id\":1,\"connect\":{}}");
        return connection;
    }

    private static void says(ClientConnection connection, String... commands) {
        connection.received(new Encoded.Text(String.join("\n", commands)));
    }

    private static String subscribe(int id, String channel, String more) {
        return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + channel + "\"" + more + "}}";
    }

    private static void awaits(MemoryRemote remote, String part) {
        await().until(() -> remote.lines().stream().anyMatch(line -> line.contains(part)));
    }

    private void publishUntil(Callable<Boolean> happened) {
        await().until(
                        () -> {
                            publish();
                            return happened.call();
                        });
    }

    private void publish() {
        published++;
        String number = "1".repeat(DIGITS);
        open.node.waitPublished(number, "a").toCompletableFuture().join();
    }

    /** Returns the offsets of the events of channel a so far, as they came. */
    private static List<Long> offsets(MemoryRemote remote) {
        List<Long> offsets = new ArrayList<>();
        for (String line : remote.lines()) {
            Matcher event = EVENT.matcher(line.startsWith(PUSH_B) ? "" : line);
            while (event.find()) {
                offsets.add(Long.parseLong(event.group(2)));
            }
        }
        return offsets;
    }

    private static String position(MemoryRemote remote) {
        Matcher epoch = EPOCH.matcher(String.join("\n", remote.lines()));
        assertThat(epoch.find()).isTrue();
        List<Long> had = offsets(remote);
        return ",\"recover\":true,\"epoch\":\"%s\",\"offset\":%d"
                .formatted(epoch.group(1), had.isEmpty() ? 0 : had.get(had.size() - 1));
    }

    private List<Long> all() {
        return LongStream.rangeClosed(1, published).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = BacklogStrategy.class,
            names = {"BACKOFF", "DROPLEFT"})
    void aClientThatLostEventsIsToSubscribeAgain(BacklogStrategy strategy) throws Exception {
        MemoryRemote remote = new MemoryRemote();
        ClientConnection connection = begin(strategy, remote);
        remote.stuck = true;
        publishUntil(() -> open.node.statistics().dropped() > 0);
        remote.release();
        String end = "{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2500,";
        awaits(remote, end);
        publish();
        open.node.publish("7", "b");
        awaits(remote, PUSH_B + "\"pub\":{\"data\":7,");
        assertThat(offsets(remote)).hasSizeLessThan(published - 1);
        says(connection, subscribe(4, "a", position(remote)));
        await().untilAsserted(() -> assertThat(offsets(remote)).isEqualTo(all()));
    }

    @Test
    void aClientThatIsDisconnectedIsSlowAndRecovers() throws Exception {
        MemoryRemote remote = new MemoryRemote();
        begin(BacklogStrategy.DISCONNECT, remote);
        remote.stuck = true;
        publishUntil(() -> clients.all().isEmpty());
        publish();
        remote.release();
        await().until(() -> remote.closed != null);
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3008);
        MemoryRemote again = new MemoryRemote();
        says(connect(again), subscribe(2, "a", position(remote)));
        await().untilAsserted(
                        () -> {
                            List<Long> both = offsets(remote);
                            both.addAll(offsets(again));
                            assertThat(both).isEqualTo(all());
                        });
    }
}
