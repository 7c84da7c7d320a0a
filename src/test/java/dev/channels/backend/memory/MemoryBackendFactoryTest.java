package dev.channels.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import java.lang.reflect.Proxy;
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
                .satisfies(factory -> assertThat(factory.keys()).containsExactly("history"));
    }

    @Test
    void readsHowMuchHistoryToKeep() {
        assertThat(create(0).history()).isEmpty();
        assertThat(create(1).history()).isPresent();
    }

    /** Makes a backend from settings that expect one question and answer it. */
    private static ChannelsBackend create(long history) {
        Object settings =
                Proxy.newProxyInstance(
                        BackendSettings.class.getClassLoader(),
                        new Class<?>[] {BackendSettings.class},
                        (proxy, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("number");
                            assertThat(arguments).containsExactly("history", 0L, 0L, 1_000_000L);
                            return history;
                        });
        ScheduledExecutorService unused = null;
        return new MemoryBackendFactory()
                .create(new BackendContext((BackendSettings) settings, Runnable::run, unused));
    }
}
