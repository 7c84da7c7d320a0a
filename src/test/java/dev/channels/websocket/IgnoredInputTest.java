package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IgnoredInputTest {

    private final FakeSession fake = new FakeSession();
    private final AtomicInteger tooBig = new AtomicInteger();

    IgnoredInputTest() {
        IgnoredInput.attach(fake.session, 10, tooBig::incrementAndGet);
    }

    @Test
    void messagesUpToTheLimitAreIgnored() {
        for (int i = 0; i < 3; i++) {
            fake.receive("x".repeat(10), true);
            fake.receive(new byte[10], true);
            fake.receive("x".repeat(5), false);
            fake.receive("x".repeat(5), true);
        }
        assertThat(tooBig).hasValue(0);
    }

    @Test
    void messageInPartsIsTooBigOnceItsPartsAreTogether() {
        fake.receive(new byte[6], false);
        assertThat(tooBig).hasValue(0);
        fake.receive(new byte[6], false);
        assertThat(tooBig).hasValue(1);
        fake.receive(new byte[6], true);
        assertThat(tooBig).hasValue(1);
    }

    @Test
    void eachMessageIsCountedFromItsBeginning() {
        fake.receive("x".repeat(11), true);
        fake.receive("x".repeat(10), true);
        fake.receive("x".repeat(11), true);
        assertThat(tooBig).hasValue(2);
    }
}
