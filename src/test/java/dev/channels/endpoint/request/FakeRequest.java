package dev.channels.endpoint.request;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request to an application at /sec, and the response to it. */
public final class FakeRequest {

    String uri;
    public String servletPath;
    public String method = "GET";
    String scheme = "http";
    public @Nullable Principal principal;
    public final Set<String> roles = new HashSet<>();
    public int status;
    public final Map<String, String> answer = new HashMap<>();
    public final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, List<String>> headers = new HashMap<>();

    /** The handshake that passed the filter, as an endpoint would get it. */
    public final Map<String, Object> passed = new HashMap<>();

    public boolean isPassed;
    public boolean isCommitted;
    public Authentication authentication = () -> false;

    /** What the container does when it is asked who this is. */
    public interface Authentication {
        boolean authenticate() throws ServletException;
    }

    public final HttpServletRequest request = proxy(HttpServletRequest.class);
    public final HttpServletResponse response = proxy(HttpServletResponse.class);
    public final FilterChain chain =
            (to, from) -> {
                isPassed = true;
                Handshake.passTo(passed);
            };

    public FakeRequest(String uri) {
        this.uri = uri;
        this.servletPath = uri.replaceFirst("^/sec", "");
        header("Host", "app.example.org");
    }

    public static FakeRequest handshake(String uri) {
        return new FakeRequest(uri)
                .header("Connection", "keep-alive, Upgrade")
                .header("Upgrade", "websocket")
                .header("Sec-WebSocket-Key", "x")
                .header("Sec-WebSocket-Version", "13");
    }

    public FakeRequest header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>()).add(value);
        return this;
    }

    public FakeRequest without(String name) {
        headers.remove(name.toLowerCase(Locale.ROOT));
        return this;
    }

    private <T> T proxy(Class<T> type) {
        Object target = new Calls();
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            try {
                                return Calls.class
                                        .getMethod(method.getName(), method.getParameterTypes())
                                        .invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    /** What is called of the interfaces. */
    public final class Calls {
        public String getRequestURI() {
            return uri;
        }

        public String getContextPath() {
            return "/sec";
        }

        public String getServletPath() {
            return servletPath;
        }

        public @Nullable String getPathInfo() {
            return null;
        }

        public String getMethod() {
            return method;
        }

        public String getScheme() {
            return scheme;
        }

        public String getRemoteAddr() {
            return "192.0.2.1";
        }

        public @Nullable String getHeader(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst()
                    .orElse(null);
        }

        public Enumeration<String> getHeaders(String name) {
            return Collections.enumeration(
                    headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        }

        public long getContentLengthLong() {
            String length = getHeader("Content-Length");
            return length == null ? -1 : Long.parseLong(length);
        }

        public @Nullable Principal getUserPrincipal() {
            return principal;
        }

        public boolean isUserInRole(String role) {
            return roles.contains(role);
        }

        public @Nullable HttpSession getSession(boolean create) {
            assertThat(create).isFalse();
            return null;
        }

        public boolean authenticate(HttpServletResponse to) throws ServletException {
            return authentication.authenticate();
        }

        public boolean isCommitted() {
            return isCommitted;
        }

        public int getStatus() {
            return status == 0 ? 200 : status;
        }

        public void setStatus(int code) {
            status = code;
        }

        public void setContentType(String type) {
            answer.put("Content-Type", type);
        }

        public void setContentLength(int length) {
            answer.put("Content-Length", String.valueOf(length));
        }

        public void setHeader(String name, String value) {
            answer.put(name, value);
        }

        public void addHeader(String name, String value) {
            answer.put(name, value);
        }

        public void flushBuffer() {}

        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void write(int b) {
                    body.write(b);
                }
            };
        }
    }

    public String text() {
        return body.toString(StandardCharsets.US_ASCII);
    }
}
