package dev.channels.endpoint.request;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.security.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A principal whom the container knows by a token of MicroProfile JWT. The API need not be there,
 * and an application need not see that of its server; so it is found by the principal itself.
 */
final class TokenPrincipal {

    private static final String API = "org.eclipse.microprofile.jwt.JsonWebToken";

    private TokenPrincipal() {}

    /** Returns when the token of a principal ends; null for never, or if there is no token. */
    static @Nullable Instant expiryOf(Principal principal) {
        Class<?> token = find(principal.getClass());
        if (token == null) {
            return null;
        }
        try {
            Object seconds = token.getMethod("getExpirationTime").invoke(principal);
            return seconds instanceof Long end && end > 0 ? Instant.ofEpochSecond(end) : null;
        } catch (ReflectiveOperationException e) {
            Log.detail(ErrorCode.STATE, () -> "A token does not tell when it ends", e);
            return null;
        }
    }

    /** Returns the API as a class sees it, or null where it has no part in it. */
    private static @Nullable Class<?> find(@Nullable Class<?> type) {
        if (type == null || type.getName().equals(API)) {
            return type;
        }
        for (Class<?> part : type.getInterfaces()) {
            Class<?> found = find(part);
            if (found != null) {
                return found;
            }
        }
        return find(type.getSuperclass());
    }
}
