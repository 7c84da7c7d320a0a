package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How sessions of Payara and GlassFish are closed. */
class TyrusRemoteTest {

    private static final CloseReason FIRST =
            new CloseReason(CloseCodes.VIOLATED_POLICY, "the first");
    private static final CloseReason SECOND = new CloseReason(CloseCodes.GOING_AWAY, "the second");

    private final FakeSession fake = new FakeSession();
    private final FakeGrizzly grizzly = new FakeGrizzly();
    private final AtomicLong clock = new AtomicLong();
    private final TyrusRemote remote = remoteOf(grizzly.connection());

    private TyrusRemote remoteOf(Object note) {
        fake.userProperties.put(Server.REQUEST_PROPERTY, note);
        return new TyrusRemote(
                fake.session, new ServiceCache(getClass().getClassLoader()), new Pulse(clock::get));
    }

    @Test
    void sessionIsClosedOnTheThreadThatReadsAnAnswer() {
        remote.close(FIRST);
        assertThat(fake.closes).isEmpty();
        fake.answerPing();
        assertThat(fake.closes).containsExactly(FIRST);
    }

    @Test
    void answerThatIsAwaitedAlreadyWillDo() throws Exception {
        remote.ping();
        remote.close(FIRST);
        assertThat(fake.pings()).isEqualTo(1);
        fake.answerPing();
        assertThat(fake.closes).containsExactly(FIRST);
    }

    @Test
    void firstReasonStays() {
        remote.close(FIRST);
        remote.giveUp(SECOND);
        fake.answerPing();
        assertThat(fake.closes).containsExactly(FIRST);
    }

    @Test
    void clientThatHasBeenAskedIsLeftItsTimeOnce() {
        remote.giveUp(FIRST);
        remote.terminate();
        assertThat(remote.isConnected()).isTrue();
        remote.terminate();
        assertThat(remote.isConnected()).isFalse();
        assertThat(fake.closes).isEmpty();
    }

    @Test
    void clientThatOwesAnAnswerForLongIsLeftNone() throws Exception {
        remote.ping();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        remote.giveUp(FIRST);
        remote.terminate();
        assertThat(remote.isConnected()).isFalse();
    }

    @Test
    void connectionOfASessionThatNobodyClosedEndsAtOnce() {
        remote.terminate();
        assertThat(remote.isConnected()).isFalse();
    }

    @Test
    void whereNothingCanBeAskedTheSessionIsClosedAtOnce() {
        fake.pingFailure = new IllegalStateException("closed");
        remote.close(FIRST);
        assertThat(fake.closes).containsExactly(FIRST);
    }

    @Test
    void whereTheConnectionIsNotKnownTheSessionIsClosedAtOnce() {
        remoteOf(GrizzlyConnection.UNKNOWN).close(FIRST);
        assertThat(fake.closes).containsExactly(FIRST);
        assertThat(fake.pings()).isZero();
    }
}
