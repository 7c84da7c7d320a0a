package dev.channels.internal.node;

import static dev.channels.internal.node.NodeFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.presence.PresenceSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is there behind the subscriptions of a node. */
class NodePresenceTest {

    @RegisterExtension final NodeFixture fixture = new NodeFixture();

    private static final PresentClient ANN = new PresentClient("1", "ann", null, null);
    private static final PresentClient BOB = new PresentClient("2", "bob", null, null);

    private final List<PresenceChange> seen = new CopyOnWriteArrayList<>();
    private ChannelsNode node;

    private final EventSender sender =
            new EventSender() {
                @Override
                public void send(Delivery delivery, Completion completion) {
                    completion.sent();
                }

                @Override
                public void presenceChanged(PresenceChange change) {
                    seen.add(change);
                    throw new IllegalStateException("A sender that throws harms nobody");
                }
            };

    @BeforeEach
    void start() {
        fixture.settings.presence =
                new PresenceSettings(name -> !name.equals("c"), Duration.ofSeconds(60));
        node = fixture.started(new MemoryBackend(10));
    }

    private Subscription joined(String... channels) {
        Subscription subscription = node.openSubscription(sender);
        subscription.join(Start.now(), channels);
        return subscription;
    }

    private List<PresentClient> there(String channel) {
        return get(node.presence(channel));
    }

    @Test
    void aClientIsThereUntilItsSubscriptionLeavesTheChannelOrEnds() {
        Subscription one = joined("a", "b");
        Subscription two = joined("a");
        one.enter("a", ANN);
        one.enter("b", ANN);
        two.enter("a", BOB);
        assertThat(there("a")).containsExactlyInAnyOrder(ANN, BOB);
        assertThat(get(node.presenceStatistics("a"))).isEqualTo(new PresenceStatistics(2, 2));
        one.leave("a");
        assertThat(there("a")).containsExactly(BOB);
        assertThat(there("b")).containsExactly(ANN);
        one.close();
        assertThat(there("b")).isEmpty();
        node.unsubscribe(two.subscriber());
        assertThat(there("a")).isEmpty();
    }

    @Test
    void whoFollowsAChannelIsToldWhoComesAndGoes() {
        Subscription watching = joined("a", "b");
        watching.enter("a", BOB);
        await().until(() -> seen.contains(new PresenceChange("a", BOB, true)));
        // Sees nothing itself: whether it learns of its own end depends on who is first.
        Subscription one = node.openSubscription((delivery, completion) -> completion.sent());
        one.join(Start.now(), "b");
        one.enter("b", ANN);
        one.close();
        await().until(() -> seen.contains(new PresenceChange("b", ANN, false)));
        assertThat(seen)
                .containsExactly(
                        new PresenceChange("a", BOB, true),
                        new PresenceChange("b", ANN, true),
                        new PresenceChange("b", ANN, false));
    }

    @Test
    void nobodyEntersWhatIsNotJoinedOrNotKept() {
        Subscription one = joined("a", "c");
        one.enter("b", ANN);
        one.enter("c", ANN);
        one.leave("a");
        one.enter("a", ANN);
        assertThat(there("a")).isEmpty();
        assertThat(there("b")).isEmpty();
        assertThatThrownBy(() -> there("c")).hasMessageContaining("CHANNELS0034");
    }

    @Test
    void undeclaredChannelsHaveNoPresence() {
        assertThatThrownBy(() -> node.presence("unknown"))
                .isInstanceOf(ChannelsException.class)
                .hasMessageContaining("CHANNELS0002");
        assertThatThrownBy(() -> node.presenceStatistics("unknown"))
                .isInstanceOf(ChannelsException.class);
    }

    @Test
    void aNodeThatStopsTakesItsClientsOut() {
        Subscription one = joined("a");
        one.enter("a", ANN);
        assertThat(there("a")).containsExactly(ANN);
        node.stop();
        get(node.start());
        one.enter("a", ANN);
        assertThat(there("a")).isEmpty();
    }
}
