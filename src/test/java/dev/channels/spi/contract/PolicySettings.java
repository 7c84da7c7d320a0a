package dev.channels.spi.contract;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.Key;
import java.util.Map;
import java.util.Optional;

/** What a policy of a test says, as it is written: only how much is kept of its channels. */
record PolicySettings(Map<String, String> values) implements BackendSettings {

    @Override
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable(values.get(key.name()))
                .map(written -> key.parse(written).orElseThrow());
    }

    @Override
    public void problem(Key<?> key, String what, String remedy) {
        throw new AssertionError(key + " " + what + ": " + remedy);
    }
}
