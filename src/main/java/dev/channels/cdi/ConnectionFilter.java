package dev.channels.cdi;

import dev.channels.endpoint.Doors;
import dev.channels.endpoint.Handshake;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows the endpoints the connection that a handshake comes over. */
final class ConnectionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient Doors doors;

    ConnectionFilter(Doors doors) {
        this.doors = doors;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            new Handshake(doors.server().noteOf(request)).enter();
        }
        try {
            chain.doFilter(request, response);
        } finally {
            Handshake.leave();
        }
    }
}
