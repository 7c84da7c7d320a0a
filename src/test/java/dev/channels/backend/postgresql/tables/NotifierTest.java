package dev.channels.backend.postgresql.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NotifierTest {

    @Test
    void aNotificationNamesTheChannelsIfItCan() {
        List<String> names = List.of("a b", "ä", "*");
        assertThat(Notifier.channels(Notifier.payload(names))).isEqualTo(names);
        assertThat(Notifier.payload(List.of("é".repeat(4_000)))).isEmpty();
        assertThat(Notifier.payload(List.of("e".repeat(7_999)))).hasSize(7_999);
        assertThat(Notifier.channels("/")).isEmpty();
    }
}
