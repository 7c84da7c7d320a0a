package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.Key;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisFactoriesTest {

    @Test
    void areFoundByTheirNames() {
        assertThat(ServiceLoader.load(BackendFactory.class))
                .extracting(BackendFactory::name)
                .contains("redis-pubsub", "redis-streams");
    }

    /** The own classes once more, and no Lettuce. */
    private static final class WithoutLettuce extends URLClassLoader {

        private final List<String> asked = new ArrayList<>();

        WithoutLettuce(URL[] urls) {
            super(urls, RedisFactoriesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.lettuce.")) {
                asked.add(name);
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && name.startsWith("dev.channels.backend.redis.")) {
                return findClass(name);
            }
            return loaded == null ? super.loadClass(name, resolve) : loaded;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RedisPubSubBackendFactory", "RedisStreamsBackendFactory"})
    void withoutLettuceTheDependencyToAddIsNamed(String name)
            throws ReflectiveOperationException, IOException {
        URL classes =
                RedisPubSubBackendFactory.class.getProtectionDomain().getCodeSource().getLocation();
        List<String> problems = new ArrayList<>();
        InvocationHandler settings =
                (proxy, method, arguments) -> {
                    problems.add(arguments[1] + ": " + arguments[2]);
                    return null;
                };
        try (WithoutLettuce loader = new WithoutLettuce(new URL[] {classes})) {
            Object made =
                    loader.loadClass("dev.channels.backend.redis." + name)
                            .getConstructor()
                            .newInstance();
            BackendFactory factory = (BackendFactory) made;
            assertThat(factory.name()).startsWith("redis-");
            assertThat(factory.keys()).extracting(Key::name).contains("uri");
            assertThat(loader.asked).isEmpty();
            factory.create(
                    new BackendContext(
                            (BackendSettings)
                                    Proxy.newProxyInstance(
                                            loader,
                                            new Class<?>[] {BackendSettings.class},
                                            settings),
                            Runnable::run,
                            null));
            String pom = Files.readString(Path.of("pom.xml"));
            String version = pom.split("<version.lettuce>")[1].split("<")[0];
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .contains("Lettuce", "io.lettuce", "lettuce-core", version);
            assertThat(loader.asked).containsExactly("io.lettuce.core.RedisClient");
        }
    }
}
