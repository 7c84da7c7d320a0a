package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendFactory;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceCacheTest {

    private final AtomicInteger looks = new AtomicInteger();
    private final ClassLoader application =
            new ClassLoader(getClass().getClassLoader()) {
                @Override
                public Enumeration<URL> getResources(String name) throws IOException {
                    looks.incrementAndGet();
                    return super.getResources(name);
                }
            };
    private final ServiceCache cache = new ServiceCache(application);

    @Test
    void servicesAreFoundAsTheApplicationFindsThem() {
        assertThat(
                        ServiceLoader.load(BackendFactory.class, cache).stream()
                                .map(p -> p.type())
                                .toList())
                .isEqualTo(
                        ServiceLoader.load(BackendFactory.class, application).stream()
                                .map(p -> p.type())
                                .toList())
                .isNotEmpty();
    }

    @Test
    void serviceFilesAreLookedForOnce() throws IOException {
        String missing = "META-INF/services/no.such.Service";
        for (int i = 0; i < 3; i++) {
            assertThat(Collections.list(cache.getResources(missing))).isEmpty();
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void otherResourcesAreLookedForEachTime() throws IOException {
        cache.getResources("a.txt");
        cache.getResources("a.txt");
        assertThat(looks).hasValue(2);
    }

    @Test
    void contextClassLoaderIsPutBack() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        cache.around(
                () -> assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(cache));
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
}
