package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is there is known on every node, and pushed to those that follow the channel. */
interface PresenceContract extends ContractTests {

    /** Longer than any test. */
    Duration LONG = Duration.ofMinutes(10);

    /** Over soon. */
    Duration SHORT = Duration.ofSeconds(1);

    @Test
    default void presenceIsThereWhereItIsPromised() throws Exception {
        assertThat(nodes().make().backend.presence().isPresent())
                .as("presence() and keepsPresence()")
                .isEqualTo(nodes().keepsPresence());
    }

    @Test
    default void whoEntersIsThereUntilItLeaves() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        PresentClient ann = new PresentClient("1", "ann", "{\"a\":1}", "[\"ö\"]");
        PresentClient bob = new PresentClient("2", "bob", null, null);
        change(node, channel, "+", ann, bob);
        assertThat(clients(node, channel)).containsExactlyInAnyOrder(ann, bob);
        change(node, channel, "-", ann);
        assertThat(clients(node, channel)).containsExactly(bob);
        change(node, channel, "-", bob);
        assertThat(clients(node, channel)).isEmpty();
        assertThat(statistics(node, channel)).isEqualTo(new PresenceStatistics(0, 0));
    }

    @Test
    default void usersAreCountedOnceEach() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        change(
                node,
                channel,
                "+",
                client("1", "ann"),
                client("2", "ann"),
                client("3", "Ann"),
                client("4", ""),
                client("5", ""));
        assertThat(statistics(node, channel)).isEqualTo(new PresenceStatistics(5, 3));
        change(node, channel, "-", client("2", "ann"), client("4", ""));
        assertThat(statistics(node, channel)).isEqualTo(new PresenceStatistics(3, 3));
        change(node, channel, "+", client("1", "zoe"), client("5", "Ann"));
        assertThat(statistics(node, channel)).isEqualTo(new PresenceStatistics(3, 2));
        change(node, channel, "-", client("1", "zoe"), client("3", "Ann"), client("9", "nobody"));
        assertThat(statistics(node, channel)).isEqualTo(new PresenceStatistics(1, 1));
    }

    @Test
    default void anAnswerHasNoMoreClientsThanAskedFor() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        PresentClient[] many =
                IntStream.range(0, 400)
                        .mapToObj(i -> client("client " + i, "user " + i))
                        .toArray(PresentClient[]::new);
        change(node, channel, "+", many);
        assertThat(Node.get(() -> node.presence().clients(channel, 7))).hasSize(7);
        assertThat(clients(node, channel)).containsExactlyInAnyOrder(many);
    }

    @Test
    default void channelsAndAllThatNamesClientsAreExact() throws Exception {
        Node node = startPresent();
        String one = nodes().channel() + "{ä} '\"\\%_*";
        String other = one.toUpperCase(java.util.Locale.ROOT);
        String longText = "\"" + "x".repeat(PresentClient.MAX_INFO - 2) + "\"";
        PresentClient odd =
                new PresentClient("id'\"\\:;{}%", "ü\u20ac\ud83d\ude00", longText, "{}");
        PresentClient same = new PresentClient("id'\"\\:;{}%", "", null, longText);
        change(node, one, "+", odd);
        change(node, other, "+", same);
        assertThat(clients(node, one)).containsExactly(odd);
        assertThat(clients(node, other)).containsExactly(same);
    }

    @Test
    default void whoComesAndGoesIsPushedToThoseWhoFollow() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        node.subscribe(channel);
        PresentClient ann = new PresentClient("1", "ann", "{}", null);
        change(node, channel, "+", ann, client("2", "bob"));
        change(node, channel, "-", ann);
        assertThat(node.sink.awaitPresenceChanges(channel, 3)).containsExactly("+1", "+2", "-1");
        assertThat(node.sink.presenceChanges(channel))
                .contains(
                        new PresenceChange(channel, ann, true),
                        new PresenceChange(channel, ann, false));
    }

    @Test
    default void oneThatIsThereAlreadyIsReplacedAndNotPushedAgain() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        node.subscribe(channel);
        PresentClient renewed = new PresentClient("1", "ann", null, "{\"new\":true}");
        change(node, channel, "+", client("1", "ann"), renewed, client("2", "bob"));
        change(node, channel, "-", client("3", "nobody"));
        change(node, channel, "-", client("2", "bob"));
        assertThat(node.sink.awaitPresenceChanges(channel, 3)).containsExactly("+1", "+2", "-2");
        assertThat(clients(node, channel)).containsExactly(renewed);
    }

    @Test
    default void replacingPushesWhatDiffers() throws Exception {
        Node node = startPresent();
        String channel = nodes().channel();
        String emptied = nodes().channel();
        node.subscribe(channel, emptied);
        change(node, channel, "+", client("1", "ann"), client("2", "bob"));
        change(node, emptied, "+", client("1", "ann"));
        Map<String, List<PresentClient>> now =
                Map.of(
                        channel, List.of(client("2", "bob"), client("3", "cy")),
                        emptied, List.of());
        Node.get(() -> node.presence().replace(now, LONG));
        assertThat(clients(node, channel))
                .containsExactlyInAnyOrder(client("2", "bob"), client("3", "cy"));
        assertThat(clients(node, emptied)).isEmpty();
        assertThat(node.sink.awaitPresenceChanges(channel, 4).subList(2, 4))
                .containsExactlyInAnyOrder("-1", "+3");
        assertThat(node.sink.awaitPresenceChanges(emptied, 2)).containsExactly("+1", "-1");
    }

    @Test
    default void keepingAliveTellsWhatTheBrokerHasOtherwise() throws Exception {
        Node node = startPresent();
        String right = nodes().channel();
        String wrong = nodes().channel();
        String lost = nodes().channel();
        change(node, right, "+", client("1", "ann"));
        change(node, wrong, "+", client("1", "ann"), client("2", "bob"));
        Map<String, Integer> numbers = Map.of(right, 1, wrong, 1, lost, 3);
        assertThat(Node.get(() -> node.presence().keepAlive(numbers, LONG)))
                .isEqualTo(Set.of(wrong, lost));
    }

    // ---- Several nodes

    @Test
    default void everyNodeSeesTheClientsOfAll() throws Exception {
        Node one = startPresent();
        Node two = nodes().startAnother();
        String channel = nodes().channel();
        one.subscribe(channel);
        two.subscribe(channel);
        change(one, channel, "+", client("1", "ann"));
        change(two, channel, "+", client("2", "bob"));
        for (Node node : List.of(one, two)) {
            assertThat(clients(node, channel))
                    .containsExactlyInAnyOrder(client("1", "ann"), client("2", "bob"));
            assertPushed(node, channel, "+1", "+2");
        }
        Node.get(() -> one.presence().replace(Map.of(channel, List.of()), LONG));
        assertThat(clients(two, channel)).containsExactly(client("2", "bob"));
        assertPushed(two, channel, "+1", "+2", "-1");
    }

    @Test
    default void theClientsOfASilentNodeGo() throws Exception {
        Node silent = startPresent();
        Node other = nodes().startAnother();
        Node asking = nodes().startAnother();
        String channel = nodes().channel();
        String alone = nodes().channel();
        other.subscribe(channel, alone);
        change(other, channel, "+", client("2", "bob"));
        Node.get(
                () ->
                        silent.presence()
                                .change(
                                        List.of(
                                                new PresenceChange(
                                                        channel, client("1", "ann"), true),
                                                new PresenceChange(
                                                        alone, client("1", "ann"), true)),
                                        SHORT));
        assertPushed(other, channel, "+2", "+1");
        await("the end of the silent node's clients")
                .atMost(Node.PATIENCE)
                .until(() -> clients(asking, channel).equals(List.of(client("2", "bob"))));
        assertThat(statistics(asking, channel)).isEqualTo(new PresenceStatistics(1, 1));
        assertThat(clients(asking, alone)).isEmpty();
        Node.get(() -> other.presence().keepAlive(Map.of(channel, 1), LONG));
        assertPushed(other, channel, "+2", "+1", "-1");
        // It was only slow, and learns that it has to enter its clients again.
        assertThat(Node.get(() -> silent.presence().keepAlive(Map.of(channel, 1), LONG)))
                .containsExactly(channel);
        Node.get(
                () ->
                        silent.presence()
                                .replace(Map.of(channel, List.of(client("1", "ann"))), LONG));
        assertThat(clients(other, channel)).hasSize(2);
        assertPushed(other, channel, "+2", "+1", "-1", "+1");
    }

    @Test
    default void keepingAliveIsEnough() throws Exception {
        Node kept = startPresent();
        Node other = nodes().startAnother();
        String channel = nodes().channel();
        Node.get(
                () ->
                        kept.presence()
                                .change(
                                        List.of(
                                                new PresenceChange(
                                                        channel, client("1", "ann"), true)),
                                        SHORT));
        assertThat(Node.get(() -> kept.presence().keepAlive(Map.of(channel, 1), LONG))).isEmpty();
        // A client that is not kept alive goes meanwhile.
        String measure = nodes().channel();
        Node.get(
                () ->
                        other.presence()
                                .change(
                                        List.of(
                                                new PresenceChange(
                                                        measure, client("2", "bob"), true)),
                                        SHORT));
        Node third = nodes().startAnother();
        await("the end of the lifetime")
                .atMost(Node.PATIENCE)
                .until(() -> clients(third, measure).isEmpty());
        assertThat(clients(third, channel)).containsExactly(client("1", "ann"));
    }

    @Test
    default void presenceOfAnotherPrefixIsAnother() throws Exception {
        nodes().assumePresence();
        Node node = nodes().start();
        Node foreign = nodes().startForeign();
        String channel = nodes().channel();
        change(node, channel, "+", client("1", "ann"));
        assertThat(clients(foreign, channel)).isEmpty();
    }

    @Test
    default void questionsFailWhileTheBrokerIsAway() throws Exception {
        nodes().assumePresence();
        Outage outage = nodes().outage();
        Node node = nodes().start();
        String channel = nodes().channel();
        change(node, channel, "+", client("1", "ann"));
        outage.begin();
        await("an outage that is noticed")
                .atMost(Node.PATIENCE)
                .until(() -> node.sink.disconnections() > 0);
        Node.assertUnavailable(() -> node.presence().clients(channel, 1));
        Node.assertUnavailable(() -> node.presence().statistics(channel));
        Node.assertUnavailable(() -> node.presence().keepAlive(Map.of(channel, 1), LONG));
        PresenceChange another = new PresenceChange(channel, client("2", "bob"), true);
        Node.assertUnavailable(() -> node.presence().change(List.of(another), LONG));
        outage.end();
        await("the end of the outage")
                .atMost(Node.PATIENCE)
                .until(() -> node.sink.connections() > 0);
        List<PresentClient> both = List.of(client("1", "ann"), client("2", "bob"));
        Node.get(() -> node.presence().replace(Map.of(channel, both), LONG));
        assertThat(clients(node, channel)).containsExactlyInAnyOrderElementsOf(both);
    }

    private void assertPushed(Node node, String channel, String... changes) {
        if (nodes().pushesPresence()) {
            assertThat(node.sink.awaitPresenceChanges(channel, changes.length))
                    .containsExactly(changes);
        }
    }

    private static PresentClient client(String id, String user) {
        return new PresentClient(id, user, null, null);
    }

    private static void change(Node node, String channel, String sign, PresentClient... clients) {
        List<PresenceChange> changes = new ArrayList<>();
        Stream<PresentClient> all = Arrays.stream(clients);
        all.forEach(it -> changes.add(new PresenceChange(channel, it, sign.equals("+"))));
        Node.get(() -> node.presence().change(changes, LONG));
    }

    private static List<PresentClient> clients(Node node, String channel) {
        return Node.get(() -> node.presence().clients(channel, 1_000));
    }

    private static PresenceStatistics statistics(Node node, String channel) {
        return Node.get(() -> node.presence().statistics(channel));
    }

    /** Starts a node, or skips the test where no presence is kept. */
    private Node startPresent() throws Exception {
        nodes().assumePresence();
        return nodes().start();
    }
}
