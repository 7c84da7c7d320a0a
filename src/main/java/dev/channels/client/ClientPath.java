package dev.channels.client;

import dev.channels.endpoint.request.Door;
import dev.channels.endpoint.request.RequestPath;
import dev.channels.endpoint.request.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where the client endpoint is.
 *
 * @param path within the application
 */
record ClientPath(String path) implements Door {

    /** The name of this door. */
    static final String DOOR = "client";

    @Override
    public @Nullable Target targetOf(RequestPath request) {
        String other = request.path();
        return other.equals(path) || other.equals(path + "/") ? new Target(DOOR, null) : null;
    }
}
