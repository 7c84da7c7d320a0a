package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.config.ChannelsConfig;
import dev.channels.config.ConfigReader;
import dev.channels.config.Keys;
import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.test.LogCapture;
import dev.channels.test.MapSource;
import dev.channels.test.Threads;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is looked up in JNDI, and what stands in for it. */
class ContainerExecutorsTest {

    private static final Map<String, Object> BOUND = new Hashtable<>();

    /** Knows what is bound. */
    public static final class Names implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    if (!BOUND.containsKey(name)) {
                        throw new NameNotFoundException(name);
                    }
                    return BOUND.get(name);
                }
            };
        }
    }

    private final ExecutorService managed =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "managed"));
    private final ScheduledExecutorService managedScheduler =
            Executors.newSingleThreadScheduledExecutor();

    ContainerExecutorsTest() {
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    }

    @AfterEach
    void clear() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        BOUND.clear();
        managed.shutdownNow();
        managedScheduler.shutdownNow();
    }

    private static ContainerExecutors find() {
        Config source =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withSources(new MapSource(Map.of("channels.names", "a")))
                        .build();
        Problems problems = new Problems();
        ChannelsConfig config = ConfigReader.read(source, List.of(), problems);
        ContainerExecutors found =
                ContainerExecutors.find(config, new Values(source, "", problems));
        assertThat(problems.isEmpty()).isTrue();
        return found;
    }

    private static String threadOf(ContainerExecutors found) throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        found.executor().execute(() -> name.complete(Thread.currentThread().getName()));
        return name.get(10, TimeUnit.SECONDS);
    }

    @Test
    void bothAreTheContainers() throws Exception {
        BOUND.put(Keys.MANAGED_EXECUTOR.defaultValue(), managed);
        BOUND.put(Keys.MANAGED_SCHEDULED_EXECUTOR.defaultValue(), managedScheduler);
        ContainerExecutors found = find();
        assertThat(threadOf(found)).isEqualTo("managed");
        assertThat(found.scheduler()).isSameAs(managedScheduler);
        assertThat(warnings(found)).isEmpty();
        found.close();
        assertThat(managed.isShutdown()).isFalse();
        assertThat(managedScheduler.isShutdown()).isFalse();
    }

    @Test
    void executorOfTheContainerIsUsedWhereItsSchedulerIsMissing() throws Exception {
        BOUND.put(Keys.MANAGED_EXECUTOR.defaultValue(), managed);
        ContainerExecutors found = find();
        assertThat(threadOf(found)).isEqualTo("managed");
        found.close();
        assertThat(found.scheduler().isShutdown()).isTrue();
        assertThat(managed.isShutdown()).isFalse();
    }

    @Test
    void schedulerOfTheContainerIsUsedWhereItsExecutorIsMissing() throws Exception {
        BOUND.put(Keys.MANAGED_SCHEDULED_EXECUTOR.defaultValue(), managedScheduler);
        ContainerExecutors found = find();
        assertThat(threadOf(found)).startsWith("channels-");
        assertThat(found.scheduler()).isSameAs(managedScheduler);
        assertThat(found.missing()).containsExactly(Keys.MANAGED_EXECUTOR.defaultValue());
        found.close();
        assertThat(managedScheduler.isShutdown()).isFalse();
    }

    @Test
    void whatTheContainerLosesRunsAllTheSameAndNothingIsKeptAfterTheEnd() throws Exception {
        BOUND.put(Keys.MANAGED_EXECUTOR.defaultValue(), managed);
        ContainerExecutors found = find();
        CountDownLatch ran = new CountDownLatch(2);
        managed.shutdown();
        found.executor().execute(ran::countDown);
        found.executor().execute(ran::countDown);
        assertThat(ran.await(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        ScheduledThreadPoolExecutor own = (ScheduledThreadPoolExecutor) found.scheduler();
        assertThat(own.getQueue()).as("The look after the tasks").isNotEmpty();
        found.close();
        assertThat(own.getQueue()).isEmpty();
    }

    private static List<String> warnings(ContainerExecutors found) {
        try (LogCapture log = new LogCapture()) {
            found.warnOfOwnThreads();
            return log.messages("CHANNELS0019");
        }
    }

    @Test
    void missingExecutorIsWarnedOf() {
        BOUND.put(Keys.MANAGED_SCHEDULED_EXECUTOR.defaultValue(), managedScheduler);
        ContainerExecutors found = find();
        found.close();
        assertThat(warnings(found))
                .containsExactly(
                        "CHANNELS0019: This server gives the application no"
                                + " java:comp/DefaultManagedExecutorService, so callbacks may run"
                                + " without its context. Enable what is missing (on Open Liberty the"
                                + " features concurrent-3.0 and jndi-1.0). In an EAR, put the library"
                                + " into the WEB-INF/lib of the WAR.");
    }

    @Test
    void bothAreWarnedOfAtOnce() {
        ContainerExecutors found = find();
        found.close();
        assertThat(warnings(found))
                .singleElement()
                .asString()
                .contains(
                        "no java:comp/DefaultManagedExecutorService and no"
                                + " java:comp/DefaultManagedScheduledExecutorService,");
    }
}
