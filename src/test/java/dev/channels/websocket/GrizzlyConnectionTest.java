package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the connection of a handshake gets to the session, on a server that shows it. */
class GrizzlyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final Connection connection = new Connection();

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

        public Connection getConnection() {
            return connection;
        }
    }

    /** Of the server. */
    public static final class Connection {
        private int ends;

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
        Runnable end = GrizzlyConnection.endOf(fake.session);
        assertThat(connection.ends).isZero();
        end.run();
        assertThat(connection.ends).isEqualTo(1);
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
        GrizzlyConnection.endOf(fake.session).run();
    }
}
