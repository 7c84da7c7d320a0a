package dev.channels.backend.memory;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import java.util.Set;

/** Makes the backend named {@code memory}. */
public final class MemoryBackendFactory implements BackendFactory {

    private static final String HISTORY = "history";

    /** Makes the factory; called by the service loader. */
    public MemoryBackendFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<String> keys() {
        return Set.of(HISTORY);
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        long history = context.settings().number(HISTORY, 0, 0, MemoryBackend.MAX_HISTORY);
        return new MemoryBackend((int) history);
    }
}
