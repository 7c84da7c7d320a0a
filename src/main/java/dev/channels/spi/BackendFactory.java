package dev.channels.spi;

import java.util.List;

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
     * @return all of them, with their names below {@code channels.<name>.}; other keys there are
     *     reported as unknown
     */
    List<Key<?>> keys();

    /**
     * Returns which keys of policies the backend reads: {@code history} and {@code retention}, how
     * much it keeps of the channels of a policy, as its own keys of these names say for all others.
     *
     * @return those of {@link #keys} with any of these two names; a policy that sets another of
     *     them is reported. By default none.
     * @see BackendContext#policies()
     */
    default List<Key<?>> policyKeys() {
        return List.of();
    }

    /**
     * Makes the backend, without connecting to its broker.
     *
     * @param context gives the configuration and the container's executors
     * @return the backend, or anything at all if the settings have a problem: it is not used then
     */
    ChannelsBackend create(BackendContext context);
}
