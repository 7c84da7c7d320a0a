package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

final class MemoryBackendFactoryTest {

    @Test
    void isFoundByItsName() {
        assertThat(ServiceLoader.load(BackendFactory.class))
                .filteredOn(factory -> factory.name().equals("memory"))
                .singleElement()
                .isInstanceOf(MemoryBackendFactory.class)
                .satisfies(
                        factory ->
                                assertThat(factory.keys())
                                        .extracting(Key::name)
                                        .containsExactlyInAnyOrder(
                                                "history", "history-max-bytes", "retention"));
    }

    @Test
    void readsHowMuchHistoryToKeep() {
        assertThat(create(0).history()).isEmpty();
        assertThat(create(1).history()).isPresent();
        assertThat(MemoryRetention.of(1))
                .isEqualTo(new MemoryRetention(1, 64L << 20, Duration.ofHours(1)));
    }

    private static ChannelsBackend create(int history) {
        BackendSettings settings =
                new BackendSettings() {
                    @Override
                    public <T> Optional<T> find(Key<T> key) {
                        return key.name().equals("history")
                                ? key.parse(Integer.toString(history))
                                : Optional.empty();
                    }

                    @Override
                    public void problem(Key<?> key, String what, String remedy) {
                        throw new AssertionError(key + " " + what);
                    }
                };
        ScheduledExecutorService unused = null;
        return new MemoryBackendFactory()
                .create(new BackendContext(settings, Runnable::run, unused));
    }
}
