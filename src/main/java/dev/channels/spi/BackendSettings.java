package dev.channels.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * The values of one backend's own keys, typed. A value that does not fit is reported together with
 * all other problems of the configuration once the backend has been made; the method returns the
 * default meanwhile.
 */
public interface BackendSettings {

    /**
     * Returns a text.
     *
     * @param key the name below {@code channels.<backend>.}
     * @return the value, or empty if it is not set
     */
    Optional<String> text(String key);

    /**
     * Returns a text, or a default where it is not set.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param defaultValue the value where none is set
     * @return the value
     */
    default String text(String key, String defaultValue) {
        return text(key).orElse(defaultValue);
    }

    /**
     * Returns a text that must be set.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param remedy what to set it to, for the error message
     * @return the value; an empty text if it is not set, which is reported
     */
    String required(String key, String remedy);

    /**
     * Returns a whole number.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param defaultValue the value where none is set
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @return the value
     */
    long number(String key, long defaultValue, long min, long max);

    /**
     * Returns a truth value.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param defaultValue the value where none is set
     * @return the value; only {@code true} and {@code false} are allowed
     */
    boolean flag(String key, boolean defaultValue);

    /**
     * Returns a duration, written as a number with a unit ({@code 500ms}, {@code 10s}, {@code 5m},
     * {@code 2h}, {@code 7d}), as a plain number of seconds, or as in ISO 8601 ({@code PT10S}).
     *
     * @param key the name below {@code channels.<backend>.}
     * @param defaultValue the value where none is set
     * @return the value, not negative
     */
    Duration duration(String key, Duration defaultValue);

    /**
     * Returns one of an enum's constants, written in lower case with hyphens.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param defaultValue the value where none is set
     * @param <E> the enum
     * @return the value
     */
    <E extends Enum<E>> E choice(String key, E defaultValue);

    /**
     * Reports a problem that the other methods cannot see.
     *
     * @param key the name below {@code channels.<backend>.}
     * @param what what is wrong with its value; no secret
     * @param remedy what to do
     */
    void problem(String key, String what, String remedy);
}
