package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.Position;
import dev.channels.console.FakeSource.Followed;
import dev.channels.endpoint.connection.NamedClient;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StateWriterTest {

    private static final int MANY = 10_000;

    /** What a page of a hundred rows is allowed to weigh, however many there are. */
    private static final int MAX_BYTES = 64 * 1024;

    private final FakeSource source = new FakeSource();
    private final ConsoleClients clients = new ConsoleClients();
    private long now = System.nanoTime();
    private final StateWriter writer = new StateWriter(source, clients, () -> now);

    private JsonObject read(String query) {
        String json = writer.write(View.of(new Query(query)));
        assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(MAX_BYTES);
        return Json.createReader(new StringReader(json)).readObject();
    }

    private static List<String> column(JsonObject state, String name) {
        return state.getJsonArray("rows").getValuesAs(JsonObject.class).stream()
                .map(row -> row.get(name))
                .map(it -> it instanceof JsonString text ? text.getString() : it.toString())
                .toList();
    }

    private void connect(String id, String caller, int backlog, String... channels) {
        NamedClient client =
                new NamedClient(
                        new FakeConnection(id, backlog),
                        "sse",
                        caller.isEmpty() ? Caller.ANONYMOUS : Caller.named(caller));
        clients.connected(client);
        Stream.of(channels).forEach(channel -> clients.subscribed(client, channel));
    }

    // ---- The node

    @Test
    void nodeIsShown() {
        JsonObject node = read("").getJsonObject("node");
        assertThat(node.getString("backend")).isEqualTo("memory");
        assertThat(node.getString("phase")).isEqualTo("open");
        assertThat(node.getBoolean("brokerUp")).isTrue();
        assertThat(node.getInt("connections")).isEqualTo(5);
        assertThat(node.getInt("subscribers")).isEqualTo(3);
        assertThat(node.getInt("waitingPublishes")).isEqualTo(2);
        assertThat(node.getInt("waitingEvents")).isEqualTo(6);
        assertThat(node.getInt("waitingBytes")).isEqualTo(7);
        assertThat(node.isNull("answeredInMicros")).isTrue();
    }

    // ---- Channels

    @Test
    void declaredChannelIsThereThoughNobodyFollowsIt() {
        source.declared.addAll(List.of("b", "a"));
        source.followed.add(new Followed("b", 2, 1, new Position("e", 7)));
        JsonObject state = read("");
        assertThat(column(state, "name")).containsExactly("a", "b");
        assertThat(column(state, "subscribers")).containsExactly("0", "2");
        assertThat(column(state, "offset")).containsExactly("null", "7");
        assertThat(column(state, "epoch")).containsExactly("null", "e");
        assertThat(column(state, "rate")).containsExactly("null", "null");
    }

    @Test
    void rateIsToldByTwoReadings() {
        source.followed.add(new Followed("a", 1, 100, new Position("e", 100)));
        read("");
        now += TimeUnit.SECONDS.toNanos(2);
        source.followed.set(0, new Followed("a", 1, 150, new Position("e", 150)));
        assertThat(column(read(""), "rate")).containsExactly("25.0");
    }

    @Test
    void rateIsNotToldAfterNobodyHasLookedForLong() {
        source.followed.add(new Followed("a", 1, 100, new Position("e", 100)));
        read("");
        now += TimeUnit.SECONDS.toNanos(20);
        assertThat(column(read(""), "rate")).containsExactly("null");
    }

    @Test
    void channelsAreReadOnceForAllWhoLook() {
        read("search=a");
        read("search=b");
        assertThat(source.readings).isEqualTo(1);
        now += TimeUnit.SECONDS.toNanos(1);
        read("search=a");
        assertThat(source.readings).isEqualTo(2);
    }

    @Test
    void tenThousandChannelsComeInPages() {
        for (int i = 0; i < MANY; i++) {
            source.followed.add(new Followed(String.format("channel-%05d", i), i % 50, i, null));
        }
        JsonObject first = read("size=100");
        assertThat(column(first, "name")).hasSize(100).startsWith("channel-00000");
        assertThat(first.getInt("found")).isEqualTo(MANY);
        assertThat(first.getInt("all")).isEqualTo(MANY);
        assertThat(first.getInt("pages")).isEqualTo(100);
        JsonObject last = read("size=100&page=99");
        assertThat(column(last, "name")).hasSize(100).endsWith("channel-09999");
        JsonObject behind = read("size=100&page=1000000");
        assertThat(behind.getInt("page")).isEqualTo(99);
        assertThat(column(read("size=5000"), "name")).hasSize(100);
        JsonObject found = read("search=NEL-0123");
        assertThat(found.getInt("found")).isEqualTo(10);
        assertThat(found.getInt("all")).isEqualTo(MANY);
        assertThat(column(found, "name")).startsWith("channel-01230").hasSize(10);
        assertThat(column(read("sort=subscribers&size=3"), "name"))
                .containsExactly("channel-00049", "channel-00099", "channel-00149");
        assertThat(read("search=nowhere").getInt("found")).isZero();
    }

    // ---- Clients

    @Test
    void clientIsShown() {
        connect("1", "alice", 4, "b", "a");
        now = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        JsonObject state = read("view=clients");
        JsonObject client = state.getJsonArray("rows").getJsonObject(0);
        assertThat(client.getString("id")).isEqualTo("1");
        assertThat(client.getString("caller")).isEqualTo("alice");
        assertThat(client.getString("door")).isEqualTo("sse");
        assertThat(client.getInt("backlog")).isEqualTo(4);
        assertThat(client.getInt("followed")).isEqualTo(2);
        assertThat(client.getJsonArray("channels").getValuesAs(JsonString::getString))
                .containsExactly("a", "b");
        assertThat(client.getInt("ageSeconds")).isBetween(89, 90);
    }

    @Test
    void clientThatIsGoneIsNotShown() {
        connect("1", "alice", 0, "a");
        clients.disconnected(
                new NamedClient(new FakeConnection("1", 0), "sse", Caller.named("alice")), null);
        assertThat(read("view=clients").getInt("all")).isZero();
    }

    @Test
    void channelThatWasLeftIsNotShown() {
        connect("1", "alice", 0, "a", "b");
        clients.unsubscribed(
                new NamedClient(new FakeConnection("1", 0), "sse", Caller.named("alice")), "a");
        JsonObject client = read("view=clients").getJsonArray("rows").getJsonObject(0);
        assertThat(client.getJsonArray("channels").getValuesAs(JsonString::getString))
                .containsExactly("b");
    }

    @Test
    void clientWithManyChannelsHasAFewOfThemNamed() {
        String[] channels =
                Stream.iterate(0, i -> i + 1).limit(100).map(i -> "c" + i).toArray(String[]::new);
        connect("1", "", 0, channels);
        JsonObject client = read("view=clients").getJsonArray("rows").getJsonObject(0);
        assertThat(client.getInt("followed")).isEqualTo(100);
        assertThat(client.getJsonArray("channels")).hasSize(8);
    }

    @Test
    void tenThousandClientsComeInPages() {
        for (int i = 0; i < MANY; i++) {
            connect("id" + i, String.format("user%05d", i), i, "room-" + i % 10);
        }
        JsonObject state = read("view=clients&size=100&page=1");
        assertThat(column(state, "caller")).hasSize(100).startsWith("user00100");
        assertThat(state.getInt("found")).isEqualTo(MANY);
        assertThat(column(read("view=clients&sort=backlog&size=2"), "caller"))
                .containsExactly("user09999", "user09998");
        assertThat(column(read("view=clients&sort=age&size=1"), "caller"))
                .containsExactly("user00000");
        assertThat(read("view=clients&search=room-3").getInt("found")).isEqualTo(MANY / 10);
        assertThat(column(read("view=clients&search=USER01234"), "id")).containsExactly("id1234");
    }

    // ---- What comes from outside

    @Test
    void whatMeansSomethingInAPageIsEscaped() {
        String evil = "</script><img src=x onerror='alert(1)'>&\u2028";
        source.declared.add(evil);
        connect("1", "<b>", 0, evil);
        for (String query : List.of("", "view=clients")) {
            String json = writer.write(View.of(new Query(query + "&search=<")));
            assertThat(json).doesNotContain("<", ">", "&", "'", "\u2028");
        }
        assertThat(column(read(""), "name")).containsExactly(evil);
    }

    @Test
    void queryThatMakesNoSenseIsTheDefault() {
        source.declared.add("a");
        String query =
                Stream.of("view=x", "sort=x", "page=-1", "size=x", "search=")
                        .collect(Collectors.joining("&"));
        assertThat(column(read(query), "name")).containsExactly("a");
        assertThat(read("page=99999999999999").getInt("page")).isZero();
        assertThat(read("search=" + "a".repeat(5_000)).getString("search")).hasSize(200);
    }
}
