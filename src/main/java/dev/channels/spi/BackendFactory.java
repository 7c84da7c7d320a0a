package dev.channels.spi;

import java.util.Set;

/**
 * Makes the backend of one broker. Found by {@link java.util.ServiceLoader} under this interface's
 * name; must have a public constructor without parameters, and must not load the classes of its
 * broker's client before {@link #create}.
 */
public interface BackendFactory {

    /**
     * Returns the name that chooses this backend: the value of {@code channels.backend}.
     *
     * @return the name in kebab case, for example {@code redis-streams}
     */
    String name();

    /**
     * Returns the backend's own keys.
     *
     * @return the names below {@code channels.<name>.}, for example {@code history}; other keys
     *     there are reported as unknown
     */
    Set<String> keys();

    /**
     * Makes the backend, without connecting to its broker.
     *
     * @param context gives the configuration and the container's executors
     * @return the backend, or anything at all if the settings have a problem: it is not used then
     */
    ChannelsBackend create(BackendContext context);
}
