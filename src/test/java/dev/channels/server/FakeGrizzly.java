package dev.channels.server;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** A connection of Payara or GlassFish, and requests that lead to it as theirs do. */
public final class FakeGrizzly {

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

    /** Makes a request of any type. */
    static <T extends HttpServletRequest> T request(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Makes a request of the server. */
    HttpServletRequest request(Class<? extends CatalinaRequest> version) {
        return request(
                version,
                (self, method, arguments) ->
                        method.getName().equals("getConnection") ? connection : self);
    }

    /** Returns its connection, as the library has it. */
    GrizzlyConnection connection() {
        return GrizzlyConnection.of(request(CoyoteRequest.class));
    }

    /** Tells how often it was ended. */
    int ends() {
        return connection.ends;
    }
}
