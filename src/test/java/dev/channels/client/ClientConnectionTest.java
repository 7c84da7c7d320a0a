package dev.channels.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.BacklogStrategy;
import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ClientCall;
import dev.channels.ClientCalls;
import dev.channels.ClientRefusedException;
import dev.channels.ClientsEverywhere;
import dev.channels.ConnectedClient;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.UserChannels;
import dev.channels.client.connected.ClientsOfAllNodes;
import dev.channels.client.connected.OpenClients;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.stream.EventForms;
import dev.channels.endpoint.NodeWithDoors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.Policies;
import dev.channels.endpoint.policy.Policy;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.test.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections on a node with the memory backend; only the server is missing. */
class ClientConnectionTest {

    private static final Access EVERYBODY = new Access(List.of("permit-all"));
    private static final Access NOBODY = new Access(List.of("deny-all"));
    private static final Access AUTHENTICATED = new Access(List.of("**"));
    private static final Policies POLICIES =
            new Policies(
                    List.of(
                            new Policy(List.of("locked"), NOBODY, NOBODY, NOBODY, false, true),
                            new Policy(List.of("told"), EVERYBODY, NOBODY, NOBODY, true, true),
                            new Policy(List.of("room"), EVERYBODY, NOBODY, EVERYBODY, true, true),
                            new Policy(
                                    List.of("chat"),
                                    EVERYBODY,
                                    AUTHENTICATED,
                                    NOBODY,
                                    false,
                                    false)));

    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    private final OpenClients clients = new OpenClients();
    private final MemoryRemote remote = new MemoryRemote();
    private NodeWithDoors open;
    private ChannelsNode node;
    private ClientContext context;

    /** Answers with what came. */
    private static final class Echo implements ClientCalls {
        @Override
        public Object rpc(ClientCall call) {
            return switch (call.method()) {
                case "refuse" -> throw new ClientRefusedException(1000, "no");
                case "fail" -> throw new IllegalStateException("secret");
                default -> call.data();
            };
        }
    }

    @BeforeEach
    void begin() throws Exception {
        open =
                new NodeWithDoors(
                        Set.of("a", "b", "locked", "chat", "room", "told"),
                        POLICIES,
                        BacklogStrategy.DISCONNECT,
                        Duration.ofSeconds(30));
        node = open.node;
        context = Contexts.of(open, clients, new Echo());
    }

    @AfterEach
    void end() {
        open.close();
    }

    private ClientConnection open(MemoryRemote over, EventForms forms) {
        return open(over, forms, Caller.ANONYMOUS);
    }

    private ClientConnection open(MemoryRemote over, EventForms forms, Caller caller) {
        ClientConnection connection = new ClientConnection(context, forms, over, caller, "test");
        connection.begin();
        return connection;
    }

    private static void says(ClientConnection connection, String... commands) {
        connection.received(new Encoded.Text(String.join("\n", commands)));
    }

    private static void awaits(MemoryRemote remote, String part) {
        await().untilAsserted(
                        () -> assertThat(remote.lines()).anyMatch(line -> line.contains(part)));
    }

    private ClientConnection connect() {
        ClientConnection connection = open(remote, EventForms.json(true));
        says(connection, "{\"id\":1,\"connect\":{}}");
        awaits(remote, "{\"id\":1,\"connect\"");
        return connection;
    }

    private static String subscribe(int id, String channel, String more) {
        return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + channel + "\"" + more + "}}";
    }

    private List<String> pushes(String channel) {
        return remote.lines().stream()
                .filter(
                        line ->
                                line.startsWith(
                                        "{\"push\":{\"channel\":\"" + channel + "\",\"pub\""))
                .toList();
    }

    private static String push(String channel, int number) {
        return "{\"push\":{\"channel\":\""
                + channel
                + "\",\"pub\":{\"data\":"
                + number
                + ",\"offset\":"
                + number
                + "}}}";
    }

    @Test
    void eventsFollowTheReplyInOrderWithTheirOffsets() {
        ClientConnection connection = open(remote, EventForms.json(true));
        says(
                connection,
                "{\"id\":1,\"connect\":{}}",
                subscribe(2, "a", ""),
                subscribe(3, "nowhere", ""));
        awaits(remote, "{\"id\":2,\"subscribe\"");
        awaits(remote, "{\"id\":3,\"error\":{\"code\":102");
        for (int i = 1; i <= 1000; i++) {
            node.publish(Integer.toString(i), "a");
        }
        await().until(() -> pushes("a").size() == 1000);
        for (int i = 1; i <= 1000; i++) {
            assertThat(pushes("a").get(i - 1)).isEqualTo(push("a", i));
        }
        assertThat(clients.all()).hasSize(1);
        connection.closed();
        assertThat(clients.all()).isEmpty();
        await().until(() -> node.statistics().subscribers() == 0);
    }

    /** Publishes the numbers from 1 on to channel a, and waits until the last is accepted. */
    private void publish(int count) {
        for (int i = 1; i < count; i++) {
            node.publish(Integer.toString(i), "a");
        }
        node.waitPublished(Integer.toString(count), "a").toCompletableFuture().join();
    }

    @Test
    void onlyTheUserHimselfHasTheChannelOfAUser() {
        ClientConnection alice = open(remote, EventForms.json(true), Caller.named("alice"));
        says(
                alice,
                "{\"id\":1,\"connect\":{}}",
                subscribe(2, "#alice", ""),
                subscribe(3, "#bob", ""),
                "{\"id\":4,\"publish\":{\"channel\":\"#bob\",\"data\":1}}");
        awaits(remote, "{\"id\":2,\"subscribe\"");
        awaits(remote, "{\"id\":3,\"error\":{\"code\":103");
        awaits(remote, "{\"id\":4,\"error\":{\"code\":103");
        MemoryRemote stranger = new MemoryRemote();
        says(
                open(stranger, EventForms.json(true)),
                "{\"id\":1,\"connect\":{}}",
                subscribe(2, "#alice", ""),
                subscribe(3, "#", ""));
        awaits(stranger, "{\"id\":2,\"error\":{\"code\":103");
        awaits(stranger, "{\"id\":3,\"error\":{\"code\":103");
        node.publishToUser("7", "alice");
        awaits(remote, "{\"push\":{\"channel\":\"#alice\",\"pub\":{\"data\":7");
    }

    @Test
    void aClientThatComesBackHasWhatItMissed() {
        ClientConnection first = connect();
        says(first, subscribe(2, "a", ""));
        awaits(remote, "{\"id\":2,\"subscribe\"");
        Matcher epoch = EPOCH.matcher(String.join("\n", remote.lines()));
        assertThat(epoch.find()).isTrue();
        first.closed();
        publish(500);
        MemoryRemote again = new MemoryRemote();
        ClientConnection second = open(again, EventForms.json(true));
        says(
                second,
                "{\"id\":1,\"connect\":{}}",
                subscribe(
                        2,
                        "a",
                        ",\"recover\":true,\"offset\":100,\"epoch\":\"" + epoch.group(1) + "\""));
        awaits(again, "\"offset\":500}");
        String all = String.join("\n", again.lines());
        Matcher offsets = Pattern.compile("\"data\":(\\d+),\"offset\":(\\d+)").matcher(all);
        for (int i = 101; i <= 500; i++) {
            assertThat(offsets.find()).isTrue();
            assertThat(offsets.group(1)).isEqualTo(offsets.group(2)).isEqualTo(Integer.toString(i));
        }
        assertThat(all).contains("\"recovered\":true,\"offset\":100,");
        says(second, subscribe(3, "b", ",\"recover\":true,\"epoch\":\"other\""));
        awaits(again, "{\"id\":3,\"subscribe\":{\"recoverable\":true");
        assertThat(again.lines())
                .noneMatch(line -> line.startsWith("{\"id\":3") && line.contains("\"recovered\""));
    }

    /** SDKs send the epoch _ to be told that they cannot recover. */
    @Test
    void aPositionThatNoEventEverHadIsNotRecoveredAndTheStreamGoesOn() {
        publish(3);
        ClientConnection connection = connect();
        says(connection, subscribe(2, "a", ""));
        awaits(remote, "{\"id\":2,\"subscribe\"");
        Matcher epoch = EPOCH.matcher(String.join("\n", remote.lines()));
        assertThat(epoch.find()).isTrue();
        assertThat(epoch.group(1)).isNotEqualTo("_");
        String ahead = ",\"recover\":true,\"offset\":4,\"epoch\":\"" + epoch.group(1) + "\"";
        int id = 3;
        for (String position : List.of(ahead, ",\"recover\":true,\"epoch\":\"_\"")) {
            says(
                    connection,
                    "{\"id\":" + id++ + ",\"unsubscribe\":{\"channel\":\"a\"}}",
                    subscribe(id, "a", position));
            String answer = "{\"id\":" + id++ + ",\"subscribe\":";
            awaits(remote, answer);
            assertThat(remote.lines())
                    .filteredOn(line -> line.startsWith(answer))
                    .singleElement()
                    .asString()
                    .contains("\"was_recovering\":true", "\"offset\":3,")
                    .doesNotContain("\"recovered\"", "publications");
        }
        node.publish("4", "a");
        await().untilAsserted(() -> assertThat(pushes("a")).containsExactly(push("a", 4)));
    }

    @Test
    void anyEpochRecoversFromTheFirstEventOn() {
        publish(3);
        says(connect(), subscribe(2, "a", ",\"recover\":true"));
        awaits(remote, "\"publications\":[{\"data\":1,\"offset\":1},{\"data\":2,\"offset\":2}");
        assertThat(String.join("\n", remote.lines())).contains("\"recovered\":true");
    }

    @Test
    void subscribesAgainAndAgainAmidEvents() {
        ClientConnection connection = connect();
        for (int i = 1; i <= 100; i++) {
            node.publish(Integer.toString(i), "a");
            says(
                    connection,
                    subscribe(2 * i, "a", ""),
                    "{\"id\":" + (2 * i + 1) + ",\"unsubscribe\":{\"channel\":\"a\"}}");
            awaits(remote, "{\"id\":" + (2 * i + 1) + ",\"unsubscribe\":{}}");
            node.publish(Integer.toString(i), "b");
        }
        for (int i = 1; i <= 100; i++) {
            String id = "{\"id\":" + 2 * i + ",";
            assertThat(remote.lines()).filteredOn(line -> line.startsWith(id)).hasSize(1);
        }
        assertThat(remote.lines()).noneMatch(line -> line.contains("2500"));
    }

    @Test
    void whatIsNoTextIsLeftOutOfJsonCountedAndLoggedOnce() {
        says(connect(), subscribe(2, "a", ""));
        awaits(remote, "{\"id\":2,\"subscribe\"");
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 50; i++) {
                node.publish(new byte[] {(byte) 0xC0}, "a");
            }
            node.publish("51", "a");
            awaits(remote, push("a", 51));
            assertThat(log.messages("CHANNELS0016")).hasSize(1);
        }
        assertThat(pushes("a")).hasSize(1);
        assertThat(node.statistics().skipped()).isEqualTo(50);
    }

    @Test
    void whatIsNoTextIsLeftOutOfWhatWasMissedToo() {
        List<Object> events = List.of("1", new byte[] {(byte) 0xC0}, "3", new byte[] {(byte) 0xC0});
        events.forEach(event -> node.waitPublished(event, "a").toCompletableFuture().join());
        try (LogCapture log = new LogCapture()) {
            says(connect(), subscribe(2, "a", ",\"recover\":true"));
            awaits(
                    remote,
                    "\"publications\":[{\"data\":1,\"offset\":1},{\"data\":3,\"offset\":3}]");
            await().until(() -> node.statistics().skipped() == 2);
            await().untilAsserted(() -> assertThat(log.messages("CHANNELS0016")).hasSize(1));
        }
        node.publish("5", "a");
        awaits(remote, push("a", 5));
    }

    @Test
    void whatIsNoTextIsLeftOutOfHistoriesCountedAndLoggedOnce() {
        List<Object> events = List.of("1", new byte[] {(byte) 0xC0}, "3", new byte[] {(byte) 0xC0});
        events.forEach(event -> node.waitPublished(event, "a").toCompletableFuture().join());
        try (LogCapture log = new LogCapture()) {
            says(connect(), "{\"id\":2,\"history\":{\"channel\":\"a\",\"limit\":10}}");
            awaits(
                    remote,
                    "\"publications\":[{\"data\":1,\"offset\":1},{\"data\":3,\"offset\":3}]");
            assertThat(node.statistics().skipped()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(log.messages("CHANNELS0016")).hasSize(1));
        }
    }

    @Test
    void speaksProtobuf() {
        ClientConnection connection = open(remote, EventForms.protobuf(true));
        connection.received(new Encoded.Binary(new byte[] {4, 8, 1, 0x22, 0}));
        // Or both answers may come in one frame.
        await().until(() -> remote.binaries().size() == 1);
        connection.received(new Encoded.Binary(new byte[] {7, 8, 2, 0x2A, 3, 0x0A, 1, 'a'}));
        await().until(() -> remote.binaries().size() == 2);
        node.publish(new byte[] {(byte) 0xFF}, "a");
        await().until(() -> remote.binaries().size() == 3);
        byte[] push = remote.binaries().get(2);
        assertThat(push).contains((byte) 0xFF).startsWith(push.length - 1);
    }

    @Test
    void policiesBindClientsAndTellWhoPublished() {
        says(
                connect(),
                subscribe(2, "locked", ""),
                subscribe(3, "chat", ""),
                "{\"id\":4,\"publish\":{\"channel\":\"chat\",\"data\":1}}");
        awaits(remote, "{\"id\":2,\"error\":{\"code\":103,");
        awaits(remote, "{\"id\":3,\"subscribe\":{}}");
        awaits(remote, "{\"id\":4,\"error\":{\"code\":103,");
        MemoryRemote other = new MemoryRemote();
        ClientConnection known = open(other, EventForms.json(true), Caller.named("ann"));
        says(
                known,
                "{\"id\":1,\"connect\":{}}",
                "{\"id\":2,\"publish\":{\"channel\":\"chat\",\"data\":[1.0]}}");
        awaits(other, "{\"id\":2,\"publish\":{}}");
        awaits(
                remote,
                "{\"data\":[1.0],\"info\":{\"user\":\"ann\",\"client\":\"" + known.id() + "\"}}");
        assertThat(clients.byUser("ann")).hasSize(1);
    }

    @Test
    void callsTheApplicationOnAThreadOfTheExecutor() {
        ClientConnection connection = connect();
        says(
                connection,
                "{\"id\":2,\"rpc\":{\"method\":\"echo\",\"data\":{\"n\": 1.50}}}",
                "{\"id\":3,\"rpc\":{\"method\":\"refuse\"}}");
        awaits(remote, "{\"id\":2,\"rpc\":{\"data\":{\"n\": 1.50}}}");
        awaits(remote, "{\"id\":3,\"error\":{\"code\":1000,\"message\":\"no\"}}");
        try (LogCapture log = new LogCapture()) {
            for (int i = 4; i < 24; i++) {
                says(connection, "{\"id\":" + i + ",\"rpc\":{\"method\":\"fail\"}}");
                awaits(remote, "{\"id\":" + i + ",\"error\":{\"code\":100,");
            }
            assertThat(log.messages("CHANNELS0030")).hasSize(1);
        }
    }

    @Test
    void theApplicationReachesAClient() {
        ClientConnection connection = connect();
        ConnectedClient client = clients.byId(connection.id()).orElseThrow();
        assertThat(clients.byUser("")).containsExactly(client);
        client.subscribe("a");
        awaits(remote, "{\"push\":{\"channel\":\"a\",\"subscribe\"");
        assertThat(client.channels()).containsExactly("a");
        node.publish("1", "a");
        awaits(remote, push("a", 1));
        client.unsubscribe("a");
        awaits(remote, "\"code\":2000");
        client.send("hi");
        awaits(remote, "{\"push\":{\"message\":{\"data\":\"hi\"}}}");
        client.disconnect(false);
        await().until(() -> remote.closed != null);
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3503);
        assertThat(clients.all()).isEmpty();
    }

    @Test
    void aClientThatAsksAndDoesNotReadIsCutOff() {
        ClientConnection connection = connect();
        remote.stuck = true;
        String data = "\"" + "x".repeat(50_000) + "\"";
        AtomicInteger id = new AtomicInteger(1);
        String rpc = ",\"rpc\":{\"method\":\"echo\",\"data\":" + data + "}}";
        await().until(
                        () -> {
                            says(connection, "{\"id\":" + id.incrementAndGet() + rpc);
                            return clients.all().isEmpty();
                        });
        await().until(() -> node.statistics().subscribers() == 0);
    }

    @Test
    void aFaultAndTheEndOfTheApplicationHaveTheirCodes() {
        ClientConnection connection = connect();
        says(connection, "oh");
        await().until(() -> remote.closed != null);
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3501);

        MemoryRemote other = new MemoryRemote();
        says(open(other, EventForms.json(true)), "{\"id\":1,\"connect\":{}}");
        awaits(other, "\"connect\"");
        node.stop();
        await().until(() -> other.closed != null);
        assertThat(other.closed.getCloseCode().getCode()).isEqualTo(3001);
    }

    @Test
    void whoIsFoundStuckIsSlowAndWhoNeverConnectsMayComeBack() {
        ClientConnection connection = connect();
        long now = System.nanoTime();
        assertThat(connection.look(now, Runnable::run)).isEqualTo(Health.FINE);
        remote.stuck = true;
        says(connection, "{\"id\":2,\"rpc\":{}}");
        connection.giveUp(Ending.NOT_READING);
        connection.close();
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3008);

        MemoryRemote silent = new MemoryRemote();
        ClientConnection late = open(silent, EventForms.json(true));
        late.look(System.nanoTime() + Duration.ofSeconds(16).toNanos(), Runnable::run);
        assertThat(silent.closed.getCloseCode().getCode()).isEqualTo(3000);
    }

    /** One server takes seconds to close a session, and the others want to be looked after. */
    @Test
    void theLookItselfClosesNothing() {
        MemoryRemote silent = new MemoryRemote();
        ClientConnection late = open(silent, EventForms.json(true));
        List<Runnable> closing = new ArrayList<>();
        long later = System.nanoTime() + Duration.ofSeconds(16).toNanos();
        late.look(later, closing::add);
        late.look(later, closing::add);
        assertThat(silent.closed).isNull();
        assertThat(closing).hasSize(1);
        closing.get(0).run();
        assertThat(silent.closed.getCloseCode().getCode()).isEqualTo(3000);
    }

    @Test
    void whoIsToEndAndDoesNotReadIsToldWhy() {
        ClientConnection connection = connect();
        remote.stuck = true;
        says(connection, "{\"id\":2,\"rpc\":{}}");
        await().until(() -> remote.sending);
        clients.byId(connection.id()).orElseThrow().disconnect(false);
        connection.look(System.nanoTime() + Duration.ofSeconds(26).toNanos(), Runnable::run);
        connection.look(System.nanoTime() + Duration.ofSeconds(40).toNanos(), Runnable::run);
        connection.giveUp(Ending.NOT_READING);
        connection.close();
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3503);
    }

    @Test
    void aConnectionThatIsClosedBeforeItBeginsIsNotKept() {
        ClientConnection connection =
                new ClientConnection(
                        context, EventForms.json(true), remote, Caller.ANONYMOUS, "test");
        connection.closed();
        connection.begin();
        assertThat(clients.size()).isZero();
        assertThat(node.statistics().subscribers()).isZero();
    }

    @Test
    void anotherNodeReachesTheClientsOfAUser() {
        ClientsOfAllNodes here = allNodes(clients);
        ClientsOfAllNodes elsewhere = allNodes(new OpenClients());
        here.listen();
        ClientConnection ann = open(remote, EventForms.json(true), Caller.named("ann"));
        says(ann, "{\"id\":1,\"connect\":{}}");
        awaits(remote, "{\"id\":1,\"connect\"");
        MemoryRemote bobRemote = new MemoryRemote();
        ClientConnection bob = open(bobRemote, EventForms.json(true), Caller.named("bob"));
        says(bob, "{\"id\":1,\"connect\":{}}");
        awaits(bobRemote, "{\"id\":1,\"connect\"");

        ClientsEverywhere all = elsewhere.everywhere("ann");
        // What is ordered before the broker has its node's subscription is not heard.
        await().untilAsserted(
                        () -> {
                            all.subscribe("a");
                            assertThat(remote.lines()).anyMatch(line -> line.contains("subscribe"));
                        });
        all.send("[\"hello\"]");
        awaits(remote, "{\"push\":{\"message\":{\"data\":[\"hello\"]}}}");
        all.unsubscribe("a");
        awaits(remote, "{\"push\":{\"channel\":\"a\",\"unsubscribe\":{\"code\":2000");
        elsewhere.everywhereById(bob.id()).disconnect(true);
        await().until(() -> bobRemote.closed != null);
        assertThat(bobRemote.closed.getCloseCode().getCode()).isEqualTo(3011);
        all.disconnect(false).toCompletableFuture().join();
        await().until(() -> remote.closed != null);
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3503);
    }

    @Test
    void whatIsDoneEverywhereIsDoneHereOnceAndAtOnce() {
        ClientsOfAllNodes here = allNodes(clients);
        ClientsEverywhere fromElsewhere = allNodes(new OpenClients()).everywhere("");
        here.listen();
        ClientConnection connection = connect();
        await().untilAsserted(
                        () -> {
                            fromElsewhere.send("0");
                            assertThat(remote.lines()).contains(message(0));
                        });
        here.everywhere("").send("1");
        here.everywhereById(connection.id()).send("2");
        fromElsewhere.send("3");
        // Behind this node's own orders.
        awaits(remote, message(3));
        assertThat(remote.lines()).containsOnlyOnce(message(1), message(2));
        node.stop();
        assertThatThrownBy(() -> here.everywhere("").disconnect(true))
                .isInstanceOf(ChannelsException.class);
    }

    /** As a newer version of the library would send it. */
    @Test
    void anOrderThatIsUnknownHereIsSaidOnceAndTheNextOnesAreCarriedOut() {
        ClientsEverywhere fromElsewhere = allNodes(new OpenClients()).everywhere("");
        allNodes(clients).listen();
        connect();
        await().untilAsserted(
                        () -> {
                            fromElsewhere.send("0");
                            assertThat(remote.lines()).contains(message(0));
                        });
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 3; i++) {
                node.publish(new byte[] {2, 's'}, UserChannels.OF_NOBODY);
            }
            fromElsewhere.send("1");
            awaits(remote, message(1));
            assertThat(log.messages("CHANNELS0027"))
                    .singleElement()
                    .asString()
                    .contains("ClientConnections.everywhere");
        }
    }

    private static String message(int data) {
        return "{\"push\":{\"message\":{\"data\":" + data + "}}}";
    }

    private final List<String> ended = new CopyOnWriteArrayList<>();

    @Test
    void theEndOfAUserIsThatOfAllDoors() {
        allNodes(clients).end("alice");
        assertThat(ended).containsExactly("alice");
    }

    private ClientsOfAllNodes allNodes(OpenClients its) {
        return new ClientsOfAllNodes(its, node, context.application().encoder(), ended::add);
    }

    @Test
    void pingsGoThroughTheStream() {
        ClientConnection connection = connect();
        connection.look(System.nanoTime() + Duration.ofSeconds(26).toNanos(), Runnable::run);
        awaits(remote, "{}");
        connection.look(System.nanoTime() + Duration.ofSeconds(40).toNanos(), Runnable::run);
        assertThat(remote.closed.getCloseCode().getCode()).isEqualTo(3012);
    }

    @Test
    void whoIsThereIsToldAndWhoComesAndGoes() {
        Caller ann = Caller.named("ann").withInfo("{\"age\": 7}");
        ClientConnection one = open(remote, EventForms.json(true), ann);
        says(
                one,
                "{\"id\":1,\"connect\":{}}",
                subscribe(2, "room", ",\"join_leave\":true"),
                "{\"id\":3,\"presence\":{\"channel\":\"room\"}}");
        String me = "{\"user\":\"ann\",\"client\":\"" + one.id() + "\",\"conn_info\":{\"age\": 7}}";
        awaits(remote, "{\"push\":{\"channel\":\"room\",\"join\":{\"info\":" + me + "}}}");
        says(one, "{\"id\":4,\"presence\":{\"channel\":\"room\"}}");
        awaits(remote, "{\"id\":4,\"presence\":{\"presence\":{\"" + one.id() + "\":" + me + "}}}");

        MemoryRemote otherRemote = new MemoryRemote();
        ClientConnection two = open(otherRemote, EventForms.json(true), Caller.named("ann"));
        says(two, "{\"id\":1,\"connect\":{}}", subscribe(2, "room", ""));
        awaits(remote, "\"join\":{\"info\":{\"user\":\"ann\",\"client\":\"" + two.id());
        says(one, "{\"id\":5,\"presence_stats\":{\"channel\":\"room\"}}");
        awaits(remote, "{\"id\":5,\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}");
        two.closed();
        awaits(remote, "\"leave\":{\"info\":{\"user\":\"ann\",\"client\":\"" + two.id());
        assertThat(otherRemote.lines()).noneMatch(line -> line.contains("\"join\":"));

        List<String> lines = remote.lines();
        String reply = lines.stream().filter(it -> it.startsWith("{\"id\":2,")).findAny().get();
        String join = lines.stream().filter(it -> it.contains("\"join\":")).findFirst().get();
        assertThat(lines.indexOf(reply)).isLessThan(lines.indexOf(join));
        assertThat(lines).filteredOn(line -> line.contains("\"join\":")).hasSize(2);
        assertThat(lines).filteredOn(line -> line.contains("\"leave\":")).hasSize(1);
        says(one, "{\"id\":6,\"unsubscribe\":{\"channel\":\"room\"}}");
        await().untilAsserted(
                        () ->
                                assertThat(node.presence("room").toCompletableFuture().join())
                                        .isEmpty());
    }

    @Test
    void aClientThatReadsSlowlyIsNotClosedForThoseWhoCome() {
        ClientConnection connection = open(remote, EventForms.json(true), Caller.named("ann"));
        says(connection, "{\"id\":1,\"connect\":{}}", subscribe(2, "room", ",\"join_leave\":true"));
        awaits(remote, "\"join\":");
        remote.stuck = true;
        says(connection, "{\"id\":3,\"presence\":{\"channel\":\"room\"}}");
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 20_000; i++) {
                PresentClient other = new PresentClient("client " + i, "bob", null, null);
                connection.changed(new PresenceChange("room", other, true));
            }
            assertThat(log.messages("CHANNELS0015")).hasSize(1);
        }
        assertThat(remote.closed).isNull();
        assertThat(clients.all()).hasSize(1);
    }

    @Test
    void whoIsThereIsToldToThoseWhoMayKnowItOnly() {
        says(
                connect(),
                "{\"id\":2,\"presence\":{\"channel\":\"a\"}}",
                "{\"id\":3,\"presence_stats\":{\"channel\":\"locked\"}}",
                "{\"id\":4,\"presence\":{\"channel\":\"nowhere\"}}",
                "{\"id\":5,\"presence\":{\"channel\":\"told\"}}");
        awaits(remote, "{\"id\":2,\"error\":{\"code\":108,");
        awaits(remote, "{\"id\":3,\"error\":{\"code\":108,");
        awaits(remote, "{\"id\":4,\"error\":{\"code\":102,");
        awaits(remote, "{\"id\":5,\"error\":{\"code\":103,");
    }

    @Test
    void clientsReadTheHistoryOfChannelsThatTheyMaySubscribeTo() {
        publish(400);
        ClientConnection connection = connect();
        says(
                connection,
                history(2, ""),
                history(3, ",\"limit\":2"),
                history(4, ",\"limit\":2,\"reverse\":true"),
                history(5, ",\"limit\":2,\"since\":{\"offset\":10}"),
                history(6, ",\"limit\":2,\"since\":{\"offset\":10},\"reverse\":true"),
                history(7, ",\"limit\":2,\"since\":{\"offset\":1,\"epoch\":\"other\"}"),
                history(8, ",\"limit\":-1,\"since\":{\"offset\":50}"),
                history(9, ",\"limit\":-1,\"reverse\":true"),
                "{\"id\":10,\"history\":{\"channel\":\"locked\",\"limit\":1}}",
                "{\"id\":11,\"history\":{\"channel\":\"chat\",\"limit\":1}}");
        awaits(remote, "{\"id\":2,\"history\":{\"publications\":[],\"epoch\":\"");
        awaits(remote, "{\"id\":3,\"history\":{\"publications\":[" + pubs(1, 2) + "],");
        awaits(remote, "{\"id\":4,\"history\":{\"publications\":[" + pubs(400, 399) + "],");
        awaits(remote, "{\"id\":5,\"history\":{\"publications\":[" + pubs(11, 12) + "],");
        awaits(remote, "{\"id\":6,\"history\":{\"publications\":[" + pubs(9, 8) + "],");
        awaits(remote, "{\"id\":7,\"error\":{\"code\":112,");
        awaits(remote, "{\"id\":8,\"history\":{\"publications\":[" + pubs(51, 350) + "],");
        awaits(remote, "{\"id\":9,\"history\":{\"publications\":[" + pubs(400, 101) + "],");
        awaits(remote, "{\"id\":10,\"error\":{\"code\":103,");
        awaits(remote, "{\"id\":11,\"error\":{\"code\":108,");
        assertThat(remote.lines())
                .filteredOn(line -> line.contains("\"history\":"))
                .allMatch(line -> line.contains("\"offset\":400}"));
    }

    @Test
    void anAnswerWithHistoryIsBoundedInBytes() {
        String data = "\"" + "x".repeat(50_000) + "\"";
        for (int i = 0; i < 10; i++) {
            node.waitPublished(data, "a").toCompletableFuture().join();
        }
        node.waitPublished("\"" + "x".repeat(600_000) + "\"", "a").toCompletableFuture().join();
        says(connect(), history(2, ",\"limit\":10"), history(3, ",\"limit\":1,\"reverse\":true"));
        awaits(remote, "{\"id\":2,\"history\"");
        awaits(remote, "{\"id\":3,\"error\":{\"code\":106,");
        String answer =
                remote.lines().stream().filter(it -> it.startsWith("{\"id\":2")).findAny().get();
        assertThat(answer.split("\"data\"")).hasSize(4);
    }

    private static String history(int id, String more) {
        return "{\"id\":" + id + ",\"history\":{\"channel\":\"a\"" + more + "}}";
    }

    /** The numbers from one to another, up or down, as publications. */
    private static String pubs(int from, int to) {
        return IntStream.rangeClosed(Math.min(from, to), Math.max(from, to))
                .map(i -> from < to ? i : from + to - i)
                .mapToObj(i -> "{\"data\":" + i + ",\"offset\":" + i + "}")
                .collect(Collectors.joining(","));
    }
}
