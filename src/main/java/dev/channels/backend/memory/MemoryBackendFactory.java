package dev.channels.backend.memory;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import java.time.Duration;
import java.util.Set;

/** Makes the backend named {@code memory}. */
public final class MemoryBackendFactory implements BackendFactory {

    /** How many events each channel keeps; 0 by default. */
    private static final String HISTORY = "history";

    /** How many bytes the events of all channels may take; 64 MiB by default. */
    private static final String HISTORY_MAX_BYTES = "history-max-bytes";

    /** How long a channel that nobody uses keeps its history; 1 hour by default. */
    private static final String RETENTION = "retention";

    /** Makes the factory; called by the service loader. */
    public MemoryBackendFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<String> keys() {
        return Set.of(HISTORY, HISTORY_MAX_BYTES, RETENTION);
    }

    @Override
    public Set<String> policyKeys() {
        return Set.of(HISTORY, RETENTION);
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        BackendSettings settings = context.settings();
        ChannelRetention standard =
                retention(settings, new ChannelRetention(0, MemoryRetention.DEFAULT_UNUSED));
        long maxBytes =
                settings.number(
                        HISTORY_MAX_BYTES, MemoryRetention.DEFAULT_MAX_BYTES, 1, Long.MAX_VALUE);
        return new MemoryBackend(
                new Retentions(
                        new MemoryRetention(standard.events(), maxBytes, standard.unused()),
                        context.policies().map(policy -> retention(policy, standard))));
    }

    /** Reads how much is kept; what is not set is as in another one. */
    static ChannelRetention retention(BackendSettings settings, ChannelRetention otherwise) {
        long events = settings.number(HISTORY, otherwise.events(), 0, MemoryRetention.MAX_EVENTS);
        Duration unused = settings.duration(RETENTION, otherwise.unused());
        if (unused.isZero()) {
            settings.problem(RETENTION, "it must be longer than nothing", "Write for example 1h.");
            unused = otherwise.unused();
        }
        return new ChannelRetention((int) events, unused);
    }
}
