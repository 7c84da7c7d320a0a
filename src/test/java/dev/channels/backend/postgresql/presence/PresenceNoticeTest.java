package dev.channels.backend.postgresql.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceNoticeTest {

    static Stream<PresenceChange> changes() {
        String longest = "\"" + "x".repeat(PresentClient.MAX_INFO - 2) + "\"";
        return Stream.of(
                new PresenceChange("a", new PresentClient("1", "", null, null), true),
                new PresenceChange("a-ü", new PresentClient("/+-", "ann", "{}", "[]"), false),
                new PresenceChange(
                        "€".repeat(200),
                        new PresentClient("€".repeat(100), "€".repeat(200), longest, longest),
                        true));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void decodesWhatItEncodesAndFitsIntoANotification(PresenceChange change) {
        String payload = PresenceNotice.encode(change);
        assertThat(PresenceNotice.isOne(payload)).isTrue();
        assertThat(PresenceNotice.decode(payload)).isEqualTo(change);
        assertThat(payload.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "presence2/a/+/YQ/YQ/-/-",
                "presence1",
                "presence1/a/+/YQ/-/-/-",
                "presence1/a/+/?/YQ/-/-"
            })
    void readsNothingElse(String payload) {
        assertThat(PresenceNotice.decode(payload)).isNull();
    }

    @Test
    void takesNoNewsOfChannelsForANotice() {
        assertThat(PresenceNotice.isOne("1/presence")).isFalse();
        assertThat(PresenceNotice.isOne("1")).isFalse();
    }
}
