package dev.channels.backend.redis;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Fault;
import dev.channels.spi.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    public <T> Optional<T> find(Key<T> key) {
        String written = values.get(key.name());
        if (written == null) {
            return Optional.empty();
        }
        boolean isDuration =
                !key.writtenDefault().isEmpty() && key.defaultValue() instanceof Duration;
        if (isDuration && written.chars().allMatch(Character::isDigit)) {
            written += "ms";
        }
        Optional<T> value = key.parse(written);
        if (value.isEmpty()) {
            Fault fault = key.fault(written);
            problem(key, fault.what(), fault.remedy());
        }
        return value;
    }

    @Override
    public void problem(Key<?> key, String what, String remedy) {
        problems.add(key + " " + what + ": " + remedy);
    }
}
