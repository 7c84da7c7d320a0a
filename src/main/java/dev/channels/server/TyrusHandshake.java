package dev.channels.server;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that keeps the end of its HTTP session from Tyrus, which would close the session of
 * an authenticated user on the thread that ends the HTTP session, beside the one that reads (see
 * {@link TyrusRemote}). The library closes it itself then. Tyrus looks whether there is a user once
 * more when it has upgraded the request; nobody else does at that moment.
 */
final class TyrusHandshake extends HttpServletRequestWrapper {

    private boolean upgraded;

    TyrusHandshake(HttpServletRequest request) {
        super(request);
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler)
            throws IOException, ServletException {
        T made = super.upgrade(handler);
        upgraded = true;
        return made;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        boolean hidden = upgraded;
        upgraded = false;
        return hidden ? null : super.getUserPrincipal();
    }
}
