package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import dev.channels.test.LogCapture;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the connection of a handshake gets to the session, on a server that shows it. */
class GrizzlyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final ServerConnection connection = new ServerConnection();

    /** What the request of the server has besides what is specified. */
    public interface CatalinaRequest extends HttpServletRequest {
        CatalinaRequest getUnwrappedCoyoteRequest();

        CatalinaRequest getContext();

        ServerConnection getConnection();
    }

    /** That of Payara and GlassFish 7. */
    public interface CoyoteRequest extends CatalinaRequest {
        CatalinaRequest getCoyoteRequest();
    }

    /** That of GlassFish 8. */
    public interface GrizzlyRequest extends CatalinaRequest {
        CatalinaRequest getGrizzlyRequest();
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

    private static <T extends HttpServletRequest> T request(
            Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private SessionRemote remoteOf(HttpServletRequest request) {
        Server server = Servers.glassFish();
        fake.userProperties.put(Server.REQUEST_PROPERTY, server.noteOf(request));
        return server.remote(fake.session);
    }

    private HttpServletRequest ofServer(Class<? extends CatalinaRequest> version) {
        return request(
                version,
                (self, method, arguments) ->
                        method.getName().equals("getConnection") ? connection : self);
    }

    @ParameterizedTest
    @ValueSource(classes = {CoyoteRequest.class, GrizzlyRequest.class})
    void sessionHasTheConnectionOfItsHandshakeHoweverTheRequestIsWrapped(
            Class<? extends CatalinaRequest> version) {
        SessionRemote remote =
                remoteOf(
                        new HttpServletRequestWrapper(
                                new HttpServletRequestWrapper(ofServer(version))));
        assertThat(remote.isConnected()).isTrue();
        assertThat(remote.isOpen()).isTrue();
        remote.terminate();
        assertThat(connection.ends).isEqualTo(1);
        assertThat(remote.isConnected()).isFalse();
        assertThat(remote.isOpen()).as("though nobody has told the session").isFalse();
    }

    @Test
    void requestOfAnotherServerHasNoConnection() {
        HttpServletRequest other =
                request(HttpServletRequest.class, (self, method, arguments) -> null);
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
                request(HttpServletRequest.class, (self, method, arguments) -> null);
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
