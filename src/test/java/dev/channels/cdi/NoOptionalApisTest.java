package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Subscriber;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A server need not have what only some applications want. */
class NoOptionalApisTest {

    private static final List<String> MISSING =
            List.of(
                    "org.eclipse.microprofile.health.",
                    "org.eclipse.microprofile.metrics.",
                    "io.opentelemetry.",
                    "jakarta.json.",
                    "jakarta.transaction.");

    /** The class path of this test without those. */
    private static final class Bare extends URLClassLoader {

        Bare() throws Exception {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() throws Exception {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (MISSING.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    /** Runs where nothing is shared with this test. */
    public static final class Main implements Supplier<String> {
        @Override
        public String get() {
            try (Deployment it = Deployment.of("names=a")) {
                it.get(ChannelsExtension.class).application().opened("/app");
                Subscriber subscriber = it.plugin().subscribe("a");
                it.plugin().afterCommit().publish("x", "a");
                return subscriber.poll(Duration.ofSeconds(30)).text()
                        + (OptionalApis.hasJson() ? " with JSON" : " without JSON");
            }
        }
    }

    @Test
    void applicationRunsWithoutThem() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (Bare bare = new Bare()) {
            Thread.currentThread().setContextClassLoader(bare);
            Class<?> main = bare.loadClass(Main.class.getName());
            assertThat(((Supplier<?>) main.getConstructor().newInstance()).get())
                    .isEqualTo("x without JSON");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(OptionalApis.hasJson()).isTrue();
    }
}
