package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the connection below a response is reached, on a server that shows it. */
class ConnectionOfResponseTest {

    /** What the request of WildFly has besides what is specified, and what that leads to. */
    public interface UndertowRequest extends HttpServletRequest {
        UndertowRequest getExchange();

        Connection getConnection();
    }

    /** What the request of Payara has. */
    public interface CatalinaRequest extends HttpServletRequest {
        CatalinaRequest getUnwrappedCoyoteRequest();

        CatalinaRequest getCoyoteRequest();

        CatalinaRequest getContext();

        Connection getConnection();
    }

    /** Of either. */
    public static final class Connection {
        private boolean open = true;
        private int queue = -1;

        public boolean isOpen() {
            return open;
        }

        public void close() {
            open = false;
        }

        public void terminateSilently() {
            open = false;
        }

        public void setMaxAsyncWriteQueueSize(int size) {
            queue = size;
        }
    }

    private final Connection connection = new Connection();
    private String protocol = "HTTP/1.1";

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private HttpServletRequest request(Class<? extends HttpServletRequest> type) {
        return new HttpServletRequestWrapper(
                proxy(
                        type,
                        (self, method, arguments) ->
                                switch (method.getName()) {
                                    case "getConnection" -> connection;
                                    case "getProtocol" -> protocol;
                                    default -> self;
                                }));
    }

    private static ResponseRemote response(Server server, HttpServletRequest request)
            throws IOException {
        ServletOutputStream stream =
                new ServletOutputStream() {
                    @Override
                    public boolean isReady() {
                        return true;
                    }

                    @Override
                    public void setWriteListener(@Nullable WriteListener listener) {}

                    @Override
                    public void write(int b) {}
                };
        ServletResponse answer = proxy(ServletResponse.class, (self, method, arguments) -> stream);
        return server.response(
                proxy(
                        AsyncContext.class,
                        (self, method, arguments) ->
                                method.getName().equals("getRequest") ? request : answer));
    }

    @Test
    void connectionOfWildFlyIsEnded() throws Exception {
        ResponseRemote remote = response(Servers.undertow(), request(UndertowRequest.class));
        assertThat(remote.isConnected()).isTrue();
        remote.terminate();
        assertThat(connection.open).isFalse();
        assertThat(remote.isConnected()).isFalse();
    }

    @Test
    void connectionOfPayaraIsBoundedAskedAndEnded() throws Exception {
        ResponseRemote remote = response(Servers.glassFish(), request(CatalinaRequest.class));
        assertThat(connection.queue).isEqualTo(65_536);
        assertThat(remote.isConnected()).isTrue();
        assertThat(remote.isOpen()).isTrue();
        remote.terminate();
        assertThat(connection.open).isFalse();
        assertThat(remote.isOpen()).as("though nobody has told the response").isFalse();
    }

    @Test
    void connectionThatOtherRequestsShareIsLeftAlone() throws Exception {
        for (String shared : List.of("HTTP/2", "HTTP/2.0", "HTTP/3")) {
            protocol = shared;
            for (ResponseRemote remote :
                    List.of(
                            response(Servers.undertow(), request(UndertowRequest.class)),
                            response(Servers.glassFish(), request(CatalinaRequest.class)))) {
                remote.terminate();
                assertThat(connection.open).isTrue();
                assertThat(remote.isConnected()).as("to be ended").isFalse();
                assertThat(remote.isOpen()).isTrue();
            }
        }
    }

    @Test
    void responseOfAnotherVersionIsLeftToTheServer() throws Exception {
        for (Server server : new Server[] {Servers.undertow(), Servers.glassFish()}) {
            ResponseRemote remote =
                    response(
                            server,
                            proxy(HttpServletRequest.class, (self, method, arguments) -> null));
            assertThat(remote.isConnected()).isFalse();
            assertThat(remote.isOpen()).isTrue();
            remote.terminate();
        }
    }
}
