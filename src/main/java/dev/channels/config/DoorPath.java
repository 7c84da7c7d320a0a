package dev.channels.config;

import dev.channels.spi.Key;

/** Reads the path that one door is on. */
final class DoorPath {

    private final Values values;

    DoorPath(Values values) {
        this.values = values;
    }

    /**
     * Reads it.
     *
     * @param key has the path
     * @return the path, beginning with a slash and ending without one
     */
    String read(Key<String> key) {
        String path = values.get(key);
        if (!path.matches("(/[A-Za-z0-9._~!$&'()*+,=:@-]+)+") || path.matches(".*/\\.\\.?(/.*)?")) {
            values.problem(
                    key,
                    "not a path that an endpoint can be on",
                    "Begin it with '/', for example "
                            + key.defaultValue()
                            + ", end it without one, and use letters, digits and"
                            + " ._~!$&'()*+,=:@- only.");
            return key.defaultValue();
        }
        return path;
    }
}
