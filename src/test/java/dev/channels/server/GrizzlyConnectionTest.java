package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import dev.channels.test.LogCapture;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the connection of a handshake gets to the session, on a server that shows it. */
class GrizzlyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final FakeGrizzly grizzly = new FakeGrizzly();

    private SessionRemote remoteOf(HttpServletRequest request) {
        Server server = Servers.glassFish();
        fake.userProperties.put(Server.REQUEST_PROPERTY, server.noteOf(request));
        return server.remote(fake.session);
    }

    @ParameterizedTest
    @ValueSource(classes = {FakeGrizzly.CoyoteRequest.class, FakeGrizzly.GrizzlyRequest.class})
    void sessionHasTheConnectionOfItsHandshakeHoweverTheRequestIsWrapped(
            Class<? extends FakeGrizzly.CatalinaRequest> version) {
        SessionRemote remote =
                remoteOf(
                        new HttpServletRequestWrapper(
                                new HttpServletRequestWrapper(grizzly.request(version))));
        assertThat(remote.isConnected()).isTrue();
        assertThat(remote.isOpen()).isTrue();
        remote.terminate();
        assertThat(grizzly.ends()).isEqualTo(1);
        assertThat(remote.isConnected()).isFalse();
        assertThat(remote.isOpen()).as("though nobody has told the session").isFalse();
    }

    @Test
    void requestOfAnotherServerHasNoConnection() {
        HttpServletRequest other =
                FakeGrizzly.request(HttpServletRequest.class, (self, method, arguments) -> null);
        try (LogCapture log = new LogCapture()) {
            SessionRemote remote = remoteOf(other);
            assertThat(remote.isConnected()).isFalse();
            assertThat(remote.isOpen()).isTrue();
            remote.terminate();
            assertThat(log.messages("CHANNELS0024"))
                    .singleElement()
                    .asString()
                    .contains("does not show its connections");
        }
    }

    @Test
    void thatConnectionsCannotBeReachedIsSaidOnce() {
        HttpServletRequest other =
                FakeGrizzly.request(HttpServletRequest.class, (self, method, arguments) -> null);
        Server server = Servers.glassFish();
        try (LogCapture log = new LogCapture()) {
            server.noteOf(other);
            server.noteOf(other);
            assertThat(log.messages("CHANNELS0024")).hasSize(1);
        }
    }

    @Test
    void sessionWithoutItsHandshakeHasNoConnection() {
        assertThat(Servers.glassFish().remote(fake.session).isOpen()).isTrue();
    }
}
