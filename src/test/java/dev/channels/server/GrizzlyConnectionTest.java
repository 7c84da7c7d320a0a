package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** How the connection of a handshake gets to the session, on a server that shows it. */
class GrizzlyConnectionTest {

    private final FakeSession fake = new FakeSession();
    private final ServerConnection connection = new ServerConnection();

    /** What the request of the server has besides what is specified. */
    public interface CatalinaRequest extends HttpServletRequest {
        CatalinaRequest getUnwrappedCoyoteRequest();

        CatalinaRequest getCoyoteRequest();

        CatalinaRequest getContext();

        ServerConnection getConnection();
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

    private HttpServletRequest ofServer() {
        return request(
                CatalinaRequest.class,
                (self, method, arguments) ->
                        method.getName().equals("getConnection") ? connection : self);
    }

    @Test
    void sessionHasTheConnectionOfItsHandshakeHoweverTheRequestIsWrapped() {
        SessionRemote remote =
                remoteOf(new HttpServletRequestWrapper(new HttpServletRequestWrapper(ofServer())));
        assertThat(remote.isConnected()).isTrue();
        assertThat(remote.isOpen()).isTrue();
        remote.terminate();
        assertThat(connection.ends).isEqualTo(1);
        assertThat(remote.isConnected()).isFalse();
        assertThat(remote.isOpen()).as("though nobody has told the session").isFalse();
    }

    @Test
    void requestOfAnotherServerHasNoConnection() {
        SessionRemote remote =
                remoteOf(request(HttpServletRequest.class, (self, method, arguments) -> null));
        assertThat(remote.isConnected()).isFalse();
        assertThat(remote.isOpen()).isTrue();
        remote.terminate();
    }

    @Test
    void sessionWithoutItsHandshakeHasNoConnection() {
        assertThat(Servers.glassFish().remote(fake.session).isOpen()).isTrue();
    }
}
