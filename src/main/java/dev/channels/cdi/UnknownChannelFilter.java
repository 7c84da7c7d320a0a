package dev.channels.cdi;

import dev.channels.websocket.EndpointPaths;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers 404 to a handshake for a channel that is not there. A template endpoint takes every name,
 * and what an endpoint itself can answer during the handshake differs from server to server.
 */
final class UnknownChannelFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient EndpointPaths paths;
    private final transient ForeignEndpoints foreignEndpoints;

    UnknownChannelFilter(EndpointPaths paths, ForeignEndpoints foreignEndpoints) {
        this.paths = paths;
        this.foreignEndpoints = foreignEndpoints;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && paths.isUnknown(path)
                && !foreignEndpoints.isOn(path)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            chain.doFilter(request, response);
        }
    }
}
