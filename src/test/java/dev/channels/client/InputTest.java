package dev.channels.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.Encoded;
import dev.channels.test.FakeSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InputTest {

    private final FakeSession fake = new FakeSession();
    private final List<String> frames = new ArrayList<>();
    private int tooBig;

    @BeforeEach
    void attach() {
        Input.attach(
                fake.session,
                10_000,
                frame -> frames.add(((Encoded.Text) frame).text()),
                () -> tooBig++);
    }

    @Test
    void putsPartsTogetherAroundALargeMessage() {
        String large = "x".repeat(9_000);
        fake.receive("whole", true);
        fake.receive("a", false);
        fake.receive("b", true);
        fake.receive(large, false);
        fake.receive("y", true);
        fake.receive("a", false);
        fake.receive("", true);
        assertThat(frames).containsExactly("whole", "ab", large + "y", "a");
        assertThat(tooBig).isZero();
    }

    @Test
    void takesNothingAfterWhatIsTooBig() {
        fake.receive("x".repeat(9_000), false);
        fake.receive("x".repeat(1_001), true);
        fake.receive("x".repeat(20_000), true);
        fake.receive("small", true);
        assertThat(frames).isEmpty();
        assertThat(tooBig).isEqualTo(1);
    }
}
