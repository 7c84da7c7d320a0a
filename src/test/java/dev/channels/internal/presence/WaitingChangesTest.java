package dev.channels.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingChangesTest {

    private final WaitingChanges waiting = new WaitingChanges();

    private static PresenceChange change(String channel, String id) {
        return new PresenceChange(channel, new PresentClient(id, "", null, null), true);
    }

    private static List<String> ids(List<PresenceChange> changes) {
        return changes.stream().map(change -> change.client().id()).toList();
    }

    @Test
    void changesAreTakenInTheirOrderAndTheirChannelsWithTheLast() {
        waiting.add(change("a", "1"));
        waiting.add(change("b", "2"));
        waiting.add(change("a", "3"));
        assertThat(ids(waiting.take(2))).containsExactly("1", "2");
        assertThat(waiting.channels()).containsExactly("a");
        assertThat(ids(waiting.take(2))).containsExactly("3");
        assertThat(waiting.channels()).isEmpty();
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void whatWaitsInAChannelIsForgottenWithoutTheOthers() {
        waiting.add(change("a", "1"));
        waiting.add(change("b", "2"));
        waiting.add(change("a", "3"));
        waiting.forget(Set.of("a", "c"));
        assertThat(waiting.size()).isEqualTo(1);
        assertThat(ids(waiting.take(9))).containsExactly("2");
    }
}
