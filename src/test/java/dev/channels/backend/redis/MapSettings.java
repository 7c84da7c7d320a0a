package dev.channels.backend.redis;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Settings of a test: durations are plain milliseconds, problems are kept. */
public final class MapSettings implements BackendSettings {

    private final Map<String, String> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    public MapSettings with(String key, Object value) {
        values.put(key, value.toString());
        return this;
    }

    public List<String> problems() {
        return problems;
    }

    public ChannelsBackend create(BackendFactory factory) {
        return create(factory, ChannelRules.none());
    }

    /** Makes a backend that keeps more or less of the channels of some policies. */
    public ChannelsBackend create(BackendFactory factory, ChannelRules<BackendSettings> policies) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            return factory.create(new BackendContext(this, policies, Runnable::run, scheduler));
        } finally {
            // No backend of Redis uses it.
            scheduler.shutdown();
        }
    }

    @Override
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public String required(String key, String remedy) {
        return text(key).orElse("");
    }

    @Override
    public long number(String key, long defaultValue, long min, long max) {
        return text(key).map(Long::parseLong).orElse(defaultValue);
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return text(key).map(Boolean::parseBoolean).orElse(defaultValue);
    }

    @Override
    public Duration duration(String key, Duration defaultValue) {
        return text(key).map(Long::parseLong).map(Duration::ofMillis).orElse(defaultValue);
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        return text(key)
                .map(text -> Enum.valueOf(defaultValue.getDeclaringClass(), constant(text)))
                .orElse(defaultValue);
    }

    private static String constant(String text) {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public void problem(String key, String what, String remedy) {
        problems.add(key + " " + what + ": " + remedy);
    }
}
