package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jspecify.annotations.Nullable;

/**
 * Has GlassFish 8 forget the configuration of an application that ends. Its MicroProfile Config
 * keeps that of each class loader, and the class loader with it, until somebody releases it; the
 * server never does.
 */
final class KeptConfig {

    private KeptConfig() {}

    /**
     * Releases the configuration, where the server would keep it.
     *
     * @param loader the context class loader with which it was asked for first; null for none
     */
    static void release(@Nullable ClassLoader loader) {
        try {
            ConfigProviderResolver resolver = ConfigProviderResolver.instance();
            if (resolver.getClass().getName().startsWith("org.glassfish.microprofile.")) {
                release(resolver, loader);
            }
        } catch (RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.STATE, () -> "The configuration could not be released", e);
        }
    }

    /** Releases what is below the one that the server hands out, for that one it does not know. */
    static void release(ConfigProviderResolver resolver, @Nullable ClassLoader loader) {
        if (loader != null) {
            resolver.releaseConfig(resolver.getConfig(loader).unwrap(Config.class));
        }
    }
}
