package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigBuilder;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeptConfigTest {

    /** Keeps configurations as GlassFish 8 does, and hands out others around them. */
    private static final class Keeping extends ConfigProviderResolver {

        private final Map<ClassLoader, Config> kept = new HashMap<>();

        private static Config config(@Nullable Config inner) {
            return (Config)
                    Proxy.newProxyInstance(
                            KeptConfigTest.class.getClassLoader(),
                            new Class<?>[] {Config.class},
                            (self, method, arguments) ->
                                    switch (method.getName()) {
                                        case "unwrap" -> inner;
                                        case "equals" -> self == arguments[0];
                                        default -> 0;
                                    });
        }

        @Override
        public Config getConfig() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Config getConfig(ClassLoader loader) {
            return config(kept.computeIfAbsent(loader, its -> config(null)));
        }

        @Override
        public ConfigBuilder getBuilder() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void registerConfig(Config config, ClassLoader loader) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void releaseConfig(Config config) {
            kept.values().removeIf(its -> its == config);
        }
    }

    @Test
    void whatIsKeptForAClassLoaderIsReleasedAndNothingElse() {
        Keeping resolver = new Keeping();
        ClassLoader ended = new ClassLoader() {};
        ClassLoader other = new ClassLoader() {};
        resolver.getConfig(ended);
        resolver.getConfig(other);
        KeptConfig.release(resolver, ended);
        assertThat(resolver.kept).containsOnlyKeys(other);
        KeptConfig.release(resolver, null);
        assertThat(resolver.kept).containsOnlyKeys(other);
    }
}
