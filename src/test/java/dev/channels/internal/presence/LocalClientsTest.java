package dev.channels.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.internal.presence.LocalClients.Change;
import dev.channels.internal.presence.LocalClients.KeepAlive;
import dev.channels.internal.presence.LocalClients.Replace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalClientsTest {

    private final LocalClients clients = new LocalClients();

    private static PresentClient client(String id) {
        return new PresentClient(id, "", null, null);
    }

    private static PresenceChange came(String channel, String id) {
        return new PresenceChange(channel, client(id), true);
    }

    private static PresenceChange went(String channel, String id) {
        return new PresenceChange(channel, client(id), false);
    }

    private void enter(String channel, String... ids) {
        for (String id : ids) {
            clients.enter(channel, client(id));
        }
    }

    @Test
    void tellsChangesInTheirOrderAndOneCallAtATime() {
        enter("a", "1");
        assertThat(clients.begin()).isEqualTo(new Change(List.of(came("a", "1"))));
        clients.leave("a", "1");
        enter("b", "2");
        assertThat(clients.begin()).isNull();
        clients.done(List.of());
        assertThat(clients.begin()).isEqualTo(new Change(List.of(went("a", "1"), came("b", "2"))));
        clients.done(List.of());
        assertThat(clients.begin()).isNull();
        assertThat(clients.isBusy()).isTrue();
    }

    @Test
    void tellsNothingThatIsKnown() {
        enter("a", "1", "1");
        clients.leave("a", "2");
        clients.leave("b", "1");
        assertThat(clients.begin()).isEqualTo(new Change(List.of(came("a", "1"))));
    }

    @Test
    void tellsNoMoreThanFiveHundredChangesAtOnce() {
        for (int i = 0; i < 501; i++) {
            enter("a", "client " + i);
        }
        assertThat(((Change) clients.begin()).changes()).hasSize(500);
        clients.done(List.of());
        assertThat(((Change) clients.begin()).changes()).hasSize(1);
    }

    @Test
    void countsWhatTheBrokerKnowsToKeepItAlive() {
        enter("a", "1", "2");
        clients.begin();
        clients.done(List.of());
        enter("b", "3");
        clients.back();
        assertThat(clients.begin()).isEqualTo(new KeepAlive(Map.of("a", 2)));
    }

    @Test
    void tellsAllOfAChannelThatTheBrokerHasOtherwise() {
        enter("a", "1");
        clients.begin();
        clients.done(List.of());
        clients.back();
        clients.begin();
        clients.leave("a", "1");
        enter("a", "2");
        clients.done(Set.of("a"));
        assertThat(clients.begin()).isEqualTo(new Replace(Map.of("a", List.of(client("2")))));
        clients.done(List.of());
        assertThat(clients.begin()).isNull();
    }

    @Test
    void tellsWhoIsThereAfterAnOutageAndNotWhoCameAndWentMeanwhile() {
        enter("a", "1");
        enter("b", "1");
        clients.begin();
        enter("a", "2");
        clients.failed();
        for (int i = 0; i < 1_000; i++) {
            enter("a", "guest " + i);
            clients.leave("a", "guest " + i);
        }
        clients.leave("b", "1");
        assertThat(clients.begin()).isNull();
        assertThat(clients.isAway()).isTrue();
        clients.back();
        Replace told = (Replace) clients.begin();
        assertThat(told.clients().get("a")).containsExactlyInAnyOrder(client("1"), client("2"));
        assertThat(told.clients().get("b")).isEmpty();
        clients.done(List.of());
        assertThat(clients.begin()).isNull();
    }

    @Test
    void tellsAChannelAgainWhoseReplacementFailed() {
        enter("a", "1");
        clients.begin();
        clients.failed();
        clients.back();
        assertThat(clients.begin()).isInstanceOf(Replace.class);
        clients.failed();
        clients.back();
        assertThat(clients.begin()).isEqualTo(new Replace(Map.of("a", List.of(client("1")))));
    }

    @Test
    void takesManyWaitingChangesForADoubt() {
        for (int i = 0; i <= 10_000; i++) {
            enter("a", "client " + i);
        }
        assertThat(clients.begin()).isInstanceOf(Replace.class);
    }

    @Test
    void forgetsChannelsThatItHasNobodyInWhenAnOutageLeavesTooMany() {
        enter("kept", "1");
        clients.begin();
        clients.failed();
        for (int i = 0; i < 11_000; i++) {
            enter("channel " + i, "1");
            clients.leave("channel " + i, "1");
        }
        clients.back();
        int told = 0;
        LocalClients.Call call = clients.begin();
        while (call instanceof Replace replace) {
            told += replace.clients().size();
            clients.done(List.of());
            call = clients.begin();
        }
        assertThat(told).isBetween(1, 10_001);
    }

    @Test
    void takesEverybodyOutAtTheEnd() {
        enter("a", "1");
        clients.begin();
        clients.done(List.of());
        enter("a", "2");
        clients.close();
        clients.leave("a", "1");
        enter("a", "3");
        assertThat(clients.begin()).isEqualTo(new Replace(Map.of("a", List.of())));
        clients.done(List.of());
        assertThat(clients.begin()).isNull();
        assertThat(clients.isBusy()).isFalse();
    }

    @Test
    void knowsWhatTheBrokerHasNotBeenTold() {
        assertThat(clients.isUntold("a")).isFalse();
        enter("a", "1");
        assertThat(clients.isUntold("a")).isTrue();
        assertThat(clients.isUntold("b")).isFalse();
        clients.begin();
        assertThat(clients.isUntold("a")).isTrue();
        clients.done(List.of());
        assertThat(clients.isUntold("a")).isFalse();
        enter("a", "2");
        clients.begin();
        clients.failed();
        assertThat(clients.isUntold("a")).isFalse();
    }

    private void telling(String... channels) {
        for (String channel : channels) {
            enter(channel, "1");
        }
        clients.begin();
        clients.done(List.of());
    }

    @Test
    void setsARefusedChannelAsideWhileTheOthersGoOn() {
        telling("bad", "good");
        clients.intervalIsOver();
        clients.begin();
        assertThat(clients.refused(Set.of("bad"))).containsExactly("bad");
        assertThat(clients.isAway()).isFalse();
        enter("bad", "2");
        enter("good", "2");
        assertThat(clients.begin()).isEqualTo(new Change(List.of(came("good", "2"))));
        clients.done(List.of());
        clients.intervalIsOver();
        assertThat(clients.begin()).isEqualTo(new KeepAlive(Map.of("good", 2)));
        clients.done(List.of());
        Replace again = (Replace) clients.begin();
        assertThat(again.clients()).containsOnlyKeys("bad");
        assertThat(again.clients().get("bad")).hasSize(2);
        assertThat(clients.refused(Set.of("bad"))).isEmpty();
        clients.intervalIsOver();
        assertThat(clients.begin()).isEqualTo(new KeepAlive(Map.of("good", 2)));
        clients.done(List.of());
        assertThat(clients.begin()).isNull();
        clients.back();
        clients.begin();
        clients.done(List.of());
        clients.begin();
        clients.done(List.of());
        clients.intervalIsOver();
        assertThat(clients.begin()).isEqualTo(new KeepAlive(Map.of("good", 2, "bad", 2)));
    }

    @Test
    void leavesARefusedChannelAloneForNoMoreThanSixteenIntervals() {
        telling("bad");
        clients.intervalIsOver();
        clients.begin();
        clients.refused(Set.of());
        List<Integer> pauses = new ArrayList<>();
        for (int refusals = 0; refusals < 6; refusals++) {
            int intervals = 0;
            do {
                clients.intervalIsOver();
                intervals++;
            } while (clients.begin() == null);
            pauses.add(intervals);
            clients.refused(Set.of());
        }
        assertThat(pauses).containsExactly(1, 2, 4, 8, 16, 16);
    }

    @Test
    void tellsChannelsOneByOneWhereItIsNotKnownWhichIsRefused() {
        telling("a", "bad", "c");
        clients.intervalIsOver();
        clients.begin();
        assertThat(clients.refused(Set.of())).isEmpty();
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Replace one = (Replace) clients.begin();
            assertThat(one.clients()).hasSize(1);
            String channel = one.clients().keySet().iterator().next();
            told.add(channel);
            if (channel.equals("bad")) {
                assertThat(clients.refused(Set.of())).containsExactly("bad");
            } else {
                clients.done(List.of());
            }
        }
        assertThat(told).containsExactlyInAnyOrder("a", "bad", "c");
        assertThat(clients.begin()).isNull();
    }

    @Test
    void forgetsARefusedChannelThatNobodyIsInAnyMore() {
        telling("bad");
        clients.intervalIsOver();
        clients.begin();
        clients.refused(Set.of("bad"));
        clients.leave("bad", "1");
        clients.intervalIsOver();
        assertThat(clients.begin()).isNull();
        enter("bad", "2");
        assertThat(clients.begin()).isEqualTo(new Change(List.of(came("bad", "2"))));
    }

    @Test
    void endsWithoutARefusedChannel() {
        telling("bad", "good");
        clients.intervalIsOver();
        clients.begin();
        clients.refused(Set.of("bad"));
        clients.close();
        assertThat(clients.begin()).isEqualTo(new Replace(Map.of("good", List.of())));
        clients.done(List.of());
        assertThat(clients.isBusy()).isFalse();
    }
}
