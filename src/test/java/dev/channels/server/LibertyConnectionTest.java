package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The connection that a session of Open Liberty may leave behind. */
class LibertyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final Inner inner = new Inner();
    private final SessionRemote remote =
            Servers.liberty(new Semaphore(1))
                    .remote(
                            (Session)
                                    Proxy.newProxyInstance(
                                            getClass().getClassLoader(),
                                            new Class<?>[] {OfServer.class},
                                            (self, method, arguments) ->
                                                    method.getName().equals("getSessionImpl")
                                                            ? inner
                                                            : method.invoke(
                                                                    fake.session, arguments)));

    /** What the session of the server has besides what is specified. */
    public interface OfServer extends Session {
        Inner getSessionImpl();
    }

    /** Of the server. */
    public static final class Inner {
        @SuppressWarnings("unused") // read by its name
        private Link connLink = new Link();
    }

    /** The states of a connection. */
    public enum Status {
        IO_OK,
        LOCAL_CLOSING,
        CLOSED
    }

    /** Of the server. */
    public static final class Link {
        private Status status = Status.IO_OK;
        private int ends;

        public Status getLinkStatus() {
            return status;
        }

        public void closeUsingSession(CloseReason reason, boolean readsFirst, boolean atOnce) {
            assertThat(atOnce && !readsFirst).isTrue();
            status = Status.CLOSED;
            ends++;
        }
    }

    @Test
    void connectionWhoseSessionIsClosedIsLeftUntilItIsEnded() {
        Link link = inner.connLink;
        assertThat(remote.isConnected()).as("its session is open").isFalse();
        link.status = Status.LOCAL_CLOSING;
        assertThat(remote.isConnected()).isTrue();
        remote.terminate();
        assertThat(link.ends).isEqualTo(1);
        assertThat(remote.isConnected()).isFalse();
    }

    @Test
    void connectionThatTheServerHasEndedIsNotEndedAgain() {
        inner.connLink.status = Status.CLOSED;
        remote.terminate();
        assertThat(inner.connLink.ends).isZero();
    }

    @Test
    void sessionOfAnotherVersionHasNoConnection() {
        SessionRemote other = Servers.liberty(new Semaphore(1)).remote(fake.session);
        assertThat(other.isConnected()).isFalse();
        other.terminate();
        inner.connLink = null;
        assertThat(remote.isConnected()).isFalse();
        remote.terminate();
    }
}
