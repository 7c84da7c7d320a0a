package dev.channels.spi.contract;

import dev.channels.spi.BackendSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a policy of a test says: only how much is kept of its channels. */
record PolicySettings(@Nullable Long history, @Nullable Duration retention)
        implements BackendSettings {

    @Override
    public Optional<String> text(String key) {
        return Optional.empty();
    }

    @Override
    public String required(String key, String remedy) {
        throw new AssertionError("A policy does not have to say " + key);
    }

    @Override
    public long number(String key, long defaultValue, long min, long max) {
        return key.equals("history") && history != null ? history : defaultValue;
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return defaultValue;
    }

    @Override
    public Duration duration(String key, Duration defaultValue) {
        return key.equals("retention") && retention != null ? retention : defaultValue;
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        return defaultValue;
    }

    @Override
    public void problem(String key, String what, String remedy) {
        throw new AssertionError(key + " " + what + ": " + remedy);
    }
}
