package dev.channels.endpoint.request;

import dev.channels.Caller;
import dev.channels.ErrorCode;
import dev.channels.server.Server;
import dev.channels.spi.Log;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out whom the container has authenticated. Asked before the upgrade: inside an endpoint the
 * servers know nobody, or even somebody else.
 */
public final class Callers {

    private final Set<String> roles;

    /**
     * Makes a finder.
     *
     * @param roles those that matter
     */
    public Callers(Set<String> roles) {
        this.roles = roles;
    }

    /**
     * Returns the caller of a request.
     *
     * @param response the container may send its own answer, to credentials that are wrong
     * @return the caller, anonymous included
     */
    public Caller callerOf(HttpServletRequest request, HttpServletResponse response, Server server)
            throws IOException {
        Principal principal = request.getUserPrincipal();
        if (principal == null && server.authenticatesLate() && hasPassword(request)) {
            authenticate(request, response);
            principal = request.getUserPrincipal();
        }
        String name = principal == null ? null : principal.getName();
        if (name == null || name.isEmpty()) {
            return Caller.ANONYMOUS;
        }
        Caller known;
        try {
            known = Caller.named(name);
        } catch (IllegalArgumentException e) {
            Log.detail(ErrorCode.FORBIDDEN, () -> "The name of a principal cannot be used", e);
            return Caller.ANONYMOUS;
        }
        // Not "**", which one server denies to callers whom it knows.
        return known.withGroups(
                        roles.stream().filter(request::isUserInRole).collect(Collectors.toSet()))
                .withExpiry(TokenPrincipal.expiryOf(principal));
    }

    private static boolean hasPassword(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Basic ", 0, 6);
    }

    /** Its result says little: one server answers that it did and knows no principal. */
    private static void authenticate(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            request.authenticate(response);
        } catch (ServletException e) {
            Log.detail(ErrorCode.FORBIDDEN, () -> "A handshake is not authenticated", e);
        }
    }
}
