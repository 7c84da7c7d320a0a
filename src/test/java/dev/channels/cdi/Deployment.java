package dev.channels.cdi;

import dev.channels.ChannelsPlugin;
import dev.channels.test.MapSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.DeploymentException;
import java.lang.annotation.Annotation;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** An application in Weld SE with a configuration and a class loader of its own. */
final class Deployment implements AutoCloseable {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final Config config;
    private final WeldContainer container;

    private Deployment(Map<String, String> values, Class<?>... beans) {
        ClassLoader loader = new URLClassLoader("application", new URL[0], before);
        config =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withSources(new MapSource(values))
                        .build();
        ConfigProviderResolver.instance().registerConfig(config, loader);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            container =
                    new Weld()
                            .disableDiscovery()
                            .addExtension(new ChannelsExtension())
                            .addBeanClasses(
                                    beans.length == 0 ? new Class<?>[] {Object.class} : beans)
                            .initialize();
        } catch (RuntimeException | Error e) {
            end();
            throw e;
        }
    }

    /**
     * Deploys with these values: {@code key=value}, without {@code channels.}, unless it begins
     * with {@code mp.}.
     */
    static Deployment of(String[] lines, Class<?>... beans) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            int sign = line.indexOf('=');
            String key = line.substring(0, sign);
            values.put(key.startsWith("mp.") ? key : "channels." + key, line.substring(sign + 1));
        }
        return new Deployment(values, beans);
    }

    static Deployment of(String... lines) {
        return of(lines, new Class<?>[0]);
    }

    /** Deploys what must fail; returns the message. */
    static String failure(String[] lines, Class<?>... beans) {
        try (Deployment deployed = of(lines, beans)) {
            throw new AssertionError("It was deployed: " + deployed.plugin());
        } catch (DeploymentException e) {
            return e.getMessage();
        }
    }

    static String failure(String... lines) {
        return failure(lines, new Class<?>[0]);
    }

    ChannelsPlugin plugin() {
        return get(ChannelsPlugin.class);
    }

    <T> T get(Class<T> type, Annotation... qualifiers) {
        return container.select(type, qualifiers).get();
    }

    /** The application as CDI shows it. */
    BeanManager beans() {
        return container.getBeanManager();
    }

    private void end() {
        Thread.currentThread().setContextClassLoader(before);
        ConfigProviderResolver.instance().releaseConfig(config);
    }

    @Override
    public void close() {
        try {
            container.close();
        } finally {
            end();
        }
    }
}
