package dev.channels.spi;

import java.util.Optional;

/**
 * The values of one backend's own keys. A value that does not fit is reported together with all
 * other problems of the configuration once the backend has been made; meanwhile it is as if it were
 * not set.
 */
public interface BackendSettings {

    /**
     * Returns the value of a key.
     *
     * @param key the key; its name is below {@code channels.<backend>.}
     * @param <T> the type of its values
     * @return the value, or empty if none is set
     */
    <T> Optional<T> find(Key<T> key);

    /**
     * Returns the value of a key, or its default.
     *
     * @param key one that has a default
     * @param <T> the type of its values
     * @return the value
     */
    default <T> T get(Key<T> key) {
        return find(key).orElseGet(key::defaultValue);
    }

    /**
     * Reports a problem that the key itself cannot see.
     *
     * @param key the key
     * @param what what is wrong with its value; no secret
     * @param remedy what to do
     */
    void problem(Key<?> key, String what, String remedy);
}
