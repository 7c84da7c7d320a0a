package dev.channels.backend.memory;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import java.util.List;

/** Makes the backend named {@code memory}. */
public final class MemoryBackendFactory implements BackendFactory {

    /** Makes the factory; called by the service loader. */
    public MemoryBackendFactory() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Key<?>> keys() {
        return MemoryKeys.ALL;
    }

    @Override
    public List<Key<?>> policyKeys() {
        return MemoryKeys.OF_POLICIES;
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        BackendSettings settings = context.settings();
        ChannelRetention standard =
                new ChannelRetention(
                        settings.get(MemoryKeys.HISTORY), settings.get(MemoryKeys.RETENTION));
        return new MemoryBackend(
                new Retentions(
                        new MemoryRetention(
                                standard.events(),
                                settings.get(MemoryKeys.HISTORY_MAX_BYTES),
                                standard.unused()),
                        context.policies().map(policy -> retention(policy, standard))));
    }

    /** Reads how much is kept; what is not set is as in another one. */
    static ChannelRetention retention(BackendSettings settings, ChannelRetention otherwise) {
        return new ChannelRetention(
                settings.find(MemoryKeys.HISTORY).orElse(otherwise.events()),
                settings.find(MemoryKeys.RETENTION).orElse(otherwise.unused()));
    }
}
