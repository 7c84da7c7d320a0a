package dev.channels.backend.postgresql.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NotifierTest {

    @Test
    void aNotificationNamesTheChannelsIfItCan() {
        List<String> names = List.of("a b", "ä", "*");
        assertThat(Notifier.channels(Notifier.payload(names))).isEqualTo(names);
        assertThat(Notifier.payload(names)).isEqualTo("1/a b/ä/*");
        String any = Notifier.payload(List.of("é".repeat(4_000)));
        assertThat(any).isEqualTo("1");
        assertThat(Notifier.channels(any)).isNull();
        assertThat(Notifier.payload(List.of("e".repeat(7_997)))).hasSize(7_999);
        assertThat(Notifier.channels("1/")).containsExactly("");
    }

    @Test
    void aNotificationOfAnotherFormMayBeAboutAnyChannel() {
        for (String other : List.of("", "2/a", "10/a", "a/b", "/")) {
            assertThat(Notifier.isKnown(other)).as(other).isFalse();
            assertThat(Notifier.channels(other)).as(other).isNull();
        }
        assertThat(Notifier.isKnown("1")).isTrue();
        assertThat(Notifier.isKnown("1/a")).isTrue();
    }
}
