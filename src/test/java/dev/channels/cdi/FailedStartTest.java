package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import dev.channels.test.ScriptedBackend;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of the library's own executors when the application does not start. */
class FailedStartTest {

    private static ScheduledExecutorService scheduler;
    private static Supplier<ChannelsBackend> maker;

    /** Keeps the scheduler that it is given. */
    public static final class KeepingFactory implements BackendFactory {
        @Override
        public String name() {
            return "keeping";
        }

        @Override
        public List<Key<?>> keys() {
            return List.of();
        }

        @Override
        public ChannelsBackend create(BackendContext context) {
            scheduler = context.scheduler();
            return maker.get();
        }
    }

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void bringTheFactory(@TempDir Path classes) throws Exception {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(BackendFactory.class.getName()), KeepingFactory.class.getName());
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {classes.toUri().toURL()}, before));
        scheduler = null;
    }

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static String failure(String... more) {
        String[] lines = new String[more.length + 2];
        lines[0] = "names=a";
        lines[1] = "backend=keeping";
        System.arraycopy(more, 0, lines, 2, more.length);
        return Deployment.failure(lines);
    }

    @Test
    void nothingRunsOnWhenTheBackendCannotBeMade() {
        maker =
                () -> {
                    throw new IllegalStateException("no licence");
                };
        assertThat(failure()).contains("CHANNELS0023", "no licence");
        assertThat(scheduler.isShutdown()).isTrue();
    }

    @Test
    void nothingRunsOnWhenTheConfigurationIsInvalid() {
        maker = ScriptedBackend::new;
        assertThat(failure("no-such-key=1")).contains("CHANNELS0001", "no-such-key");
        assertThat(scheduler.isShutdown()).isTrue();
    }

    @Test
    void nothingRunsOnWhenTheBackendDoesNotStart() {
        ScriptedBackend backend = new ScriptedBackend();
        backend.started = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        maker = () -> backend;
        assertThat(failure()).contains("CHANNELS0023", "broken");
        assertThat(backend.life).containsExactly("start", "stop");
        assertThat(scheduler.isShutdown()).isTrue();
    }

    @Test
    void allRunsUntilTheEndOtherwise() {
        maker = () -> new ScriptedBackend().willing();
        try (Deployment it = Deployment.of("names=a", "backend=keeping")) {
            assertThat(it.plugin().subscribe("a").backlogSize()).isZero();
            assertThat(scheduler.isShutdown()).isFalse();
        }
        assertThat(scheduler.isShutdown()).isTrue();
    }
}
