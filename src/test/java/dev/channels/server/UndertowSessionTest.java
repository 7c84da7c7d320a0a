package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import jakarta.websocket.Session;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Undertow keeps of a session whose client was gone at once. */
class UndertowSessionTest {

    private final FakeSession fake = new FakeSession();
    private final Set<Object> connections = new HashSet<>();
    private final Channel channel = new Channel(connections);
    private final Session session =
            (Session)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {OfServer.class},
                            (self, method, arguments) -> {
                                try {
                                    return method.getName().equals("getWebSocketChannel")
                                            ? channel
                                            : method.invoke(fake.session, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            });
    private final SessionRemote remote = Servers.undertow().remote(session);

    /** What the session of the server has besides what is specified. */
    public interface OfServer extends Session {
        Channel getWebSocketChannel();
    }

    /** Of the server; the class that has the connections is above the one that there is. */
    private static class Connected {
        @SuppressWarnings("unused") // read by its name
        private final Set<Object> peerConnections;

        Connected(Set<Object> peerConnections) {
            this.peerConnections = peerConnections;
        }
    }

    /** Of the server. */
    public static final class Channel extends Connected {
        Channel(Set<Object> peerConnections) {
            super(peerConnections);
        }
    }

    @Test
    void sessionThatIsOverIsForgotten() {
        Object other = new Object();
        connections.add(channel);
        connections.add(other);
        remote.terminate();
        assertThat(connections).as("it is open").contains(channel);
        fake.isOpen = false;
        remote.terminate();
        assertThat(connections).containsExactly(other);
        remote.terminate();
    }

    @Test
    void sessionOfAnotherVersionIsLeft() {
        SessionRemote other = Servers.undertow().remote(fake.session);
        fake.isOpen = false;
        other.terminate();
    }
}
