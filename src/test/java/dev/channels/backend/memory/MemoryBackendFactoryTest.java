package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
                                        .containsExactlyInAnyOrder(
                                                "history", "history-max-bytes", "retention"));
    }

    @Test
    void readsHowMuchHistoryToKeep() {
        Map<String, Object> asked = new HashMap<>();
        assertThat(create(0L, asked).history()).isEmpty();
        assertThat(create(1L, asked).history()).isPresent();
        assertThat(asked)
                .isEqualTo(
                        Map.of(
                                "history",
                                0L,
                                "history-max-bytes",
                                64L << 20,
                                "retention",
                                Duration.ofHours(1)));
    }

    /** Makes a backend from settings that note the defaults, and answer with them but for one. */
    private static ChannelsBackend create(long history, Map<String, Object> asked) {
        Object settings =
                Proxy.newProxyInstance(
                        BackendSettings.class.getClassLoader(),
                        new Class<?>[] {BackendSettings.class},
                        (proxy, method, arguments) -> {
                            asked.put((String) arguments[0], arguments[1]);
                            return arguments[0].equals("history") ? history : arguments[1];
                        });
        ScheduledExecutorService unused = null;
        return new MemoryBackendFactory()
                .create(new BackendContext((BackendSettings) settings, Runnable::run, unused));
    }
}
