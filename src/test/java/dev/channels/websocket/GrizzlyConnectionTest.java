package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the connection of a handshake gets to the session, on a server that shows it. */
class GrizzlyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final ServerConnection connection = new ServerConnection();

    /** Stands for the request as a filter sees it, and for all that leads to the connection. */
    public final class Request {
        public Request getUnwrappedCoyoteRequest() {
            return this;
        }

        public Request getCoyoteRequest() {
            return this;
        }

        public Request getContext() {
            return this;
        }

        public ServerConnection getConnection() {
            return connection;
        }
    }

    /** Of the server. */
    public static final class ServerConnection {
        private int ends;

        public boolean isOpen() {
            return ends == 0;
        }

        public void terminateSilently() {
            ends++;
        }
    }

    @AfterEach
    void leave() {
        GrizzlyConnection.leave();
    }

    @Test
    void sessionHasTheConnectionOfItsHandshake() {
        GrizzlyConnection.enter(new Request());
        GrizzlyConnection.passTo(fake.userProperties);
        GrizzlyConnection.leave();
        Connection known = GrizzlyConnection.of(fake.session);
        assertThat(known.isOpen()).isTrue();
        known.end();
        assertThat(connection.ends).isEqualTo(1);
        assertThat(known.isOpen()).isFalse();
    }

    @Test
    void requestThatHasBeenHandledIsForgotten() {
        GrizzlyConnection.enter(new Request());
        GrizzlyConnection.leave();
        GrizzlyConnection.passTo(fake.userProperties);
        assertThat(fake.userProperties).isEmpty();
    }

    @Test
    void requestOfAnotherServerHasNoConnection() {
        GrizzlyConnection.enter(new Object());
        GrizzlyConnection.passTo(fake.userProperties);
        assertThat(fake.userProperties).isEmpty();
        assertThat(GrizzlyConnection.of(fake.session)).isSameAs(Connection.UNKNOWN);
    }
}
