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
    public ChannelsBackend create(BackendContext context) {
        BackendSettings settings = context.settings();
        long history = settings.number(HISTORY, 0, 0, MemoryRetention.MAX_EVENTS);
        long maxBytes =
                settings.number(
                        HISTORY_MAX_BYTES, MemoryRetention.DEFAULT_MAX_BYTES, 1, Long.MAX_VALUE);
        Duration retention = settings.duration(RETENTION, MemoryRetention.DEFAULT_UNUSED);
        if (retention.isZero()) {
            settings.problem(RETENTION, "it must be longer than nothing", "Write for example 1h.");
            retention = MemoryRetention.DEFAULT_UNUSED;
        }
        return new MemoryBackend(new MemoryRetention((int) history, maxBytes, retention));
    }
}
