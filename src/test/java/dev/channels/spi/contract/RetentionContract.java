package dev.channels.spi.contract;

import static dev.channels.spi.contract.RecordingSink.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Position;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A policy says how much is kept of its channels, and nothing of the others. */
interface RetentionContract extends ContractTests {

    @Test
    default void aPolicyBoundsHowManyEventsItsChannelsKeep() throws Exception {
        String family = "few-" + nodes().unique() + "-";
        Node node = startKeeping(family, new PolicySettings(Map.of("history", "10")));
        String few = family + "a";
        String other = nodes().channel();
        List<String> texts = DeliveryContract.numbers(200);
        node.publish(node.batch(few, texts));
        node.publish(node.batch(other, texts));
        Position first = new Position(node.last(few, 0).position().epoch(), 1);
        awaitUntil(
                "trimming",
                () -> {
                    node.publish(few, "more");
                    return node.after(few, first, 1).gap();
                });
        assertThat(texts(node.last(few, -1))).hasSizeGreaterThanOrEqualTo(10).endsWith("more");
        assertThat(texts(node.last(other, -1))).isEqualTo(texts);
    }

    @Test
    default void aPolicyEndsTheHistoryOfItsChannels() throws Exception {
        String family = "brief-" + nodes().unique() + "-";
        Node node = startKeeping(family, new PolicySettings(Map.of("retention", "1s")));
        String brief = family + "a";
        String other = nodes().channel();
        node.publish(List.of(node.publication("1", brief, other)));
        node.publish(List.of(node.publication("2", brief, other)));
        Position first = new Position(node.last(brief, 0).position().epoch(), 1);
        String busy = nodes().channel();
        awaitUntil(
                "the end of a history",
                () -> {
                    // A broker may look only when it is published to.
                    node.publish(busy, "now");
                    return node.last(brief, -1).events().isEmpty();
                });
        assertThat(node.after(brief, first, -1).gap()).isTrue();
        assertThat(texts(node.last(other, -1))).containsExactly("1", "2");
    }

    private static void awaitUntil(String what, Callable<Boolean> condition) {
        await(what).atMost(Node.PATIENCE).pollDelay(Duration.ZERO).until(condition);
    }

    /** Starts a node that has a policy, or skips the test where there is none or no history. */
    private Node startKeeping(String family, PolicySettings policy) throws Exception {
        nodes().assumeHistory();
        Map<BackendSettings, List<String>> channels = Map.of(policy, List.of(family + "*"));
        return nodes().startWith(ChannelRules.of(channels.keySet(), channels::get));
    }
}
