package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jspecify.annotations.Nullable;

/**
 * Has GlassFish forget the configuration of an application that ends. Its MicroProfile Config,
 * which is that of Helidon, keeps that of each class loader, and the class loader with it, until
 * somebody releases it; the server never does.
 */
final class KeptConfig {

    /**
     * Those of GlassFish 8, which are around Helidon's, and of GlassFish 7, which are Helidon's.
     */
    private static final List<String> KEEPING =
            List.of("org.glassfish.microprofile.", "io.helidon.config.");

    private KeptConfig() {}

    /**
     * Releases the configuration, where the server would keep it.
     *
     * @param loader the context class loader with which it was asked for first; null for none
     */
    static void release(@Nullable ClassLoader loader) {
        try {
            ConfigProviderResolver resolver = ConfigProviderResolver.instance();
            if (KEEPING.stream().anyMatch(resolver.getClass().getName()::startsWith)) {
                release(resolver, loader);
            }
        } catch (RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "The configuration could not be released", e);
        }
    }

    /** Releases what is below the one that the server hands out, which it may not know. */
    static void release(ConfigProviderResolver resolver, @Nullable ClassLoader loader) {
        if (loader != null) {
            resolver.releaseConfig(resolver.getConfig(loader).unwrap(Config.class));
        }
    }
}
