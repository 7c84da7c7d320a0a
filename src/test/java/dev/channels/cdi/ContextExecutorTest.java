package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tasks in the context of an application, which here is what a thread local says. */
class ContextExecutorTest {

    private static final ThreadLocal<String> CONTEXT = ThreadLocal.withInitial(() -> "none");

    private final AtomicInteger captures = new AtomicInteger();

    /** Whether the server refuses the context when a task is to run. */
    private boolean refusing;

    private final ContextService contexts =
            fake(
                    ContextService.class,
                    (method, argument) ->
                            method.equals("contextualSupplier")
                                    ? inContext((Supplier<?>) argument)
                                    : inContext((Runnable) argument));

    private interface Answer {
        @Nullable Object to(String method, @Nullable Object argument);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                answer.to(
                                        method.getName(),
                                        arguments == null ? null : arguments[0])));
    }

    private Supplier<Object> inContext(Supplier<?> supplier) {
        String captured = CONTEXT.get();
        return () -> {
            Object[] got = new Object[1];
            with(captured, () -> got[0] = supplier.get());
            return got[0];
        };
    }

    private Runnable inContext(Runnable task) {
        captures.incrementAndGet();
        String captured = CONTEXT.get();
        return () -> {
            if (refusing) {
                throw new IllegalStateException("The application is disabled");
            }
            with(captured, task);
        };
    }

    private static void with(String context, Runnable action) {
        String before = CONTEXT.get();
        CONTEXT.set(context);
        try {
            action.run();
        } finally {
            CONTEXT.set(before);
        }
    }

    /** Makes the executor on a thread of the application. */
    private Executor around(Executor executor) {
        ManagedExecutorService managed = managed(executor);
        Executor[] made = new Executor[1];
        with("application", () -> made[0] = ContextExecutor.around(managed));
        return made[0];
    }

    /** Makes one that watches the tasks. */
    private Executor watching(Executor executor) {
        ManagedExecutorService managed = managed(executor);
        Executor[] made = new Executor[1];
        with("application", () -> made[0] = ContextExecutor.around(managed, managed, true));
        return made[0];
    }

    private ManagedExecutorService managed(Executor executor) {
        return fake(
                ManagedExecutorService.class,
                (method, argument) -> {
                    if (method.equals("getContextService")) {
                        return contexts;
                    }
                    executor.execute((Runnable) argument);
                    return null;
                });
    }

    /** Runs tasks as a pool runs futures: what they throw is seen by nobody. */
    private static void runQuietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Kept in the future.
            return;
        }
    }

    @Test
    void whatAContextRefusesRunsWithoutItOnceWhereTasksAreWatched() {
        Executor executor = watching(ContextExecutorTest::runQuietly);
        List<String> seen = new ArrayList<>();
        refusing = true;
        executor.execute(() -> seen.add("first " + CONTEXT.get()));
        executor.execute(() -> seen.add("second " + CONTEXT.get()));
        refusing = false;
        executor.execute(() -> seen.add("third " + CONTEXT.get()));
        assertThat(seen).containsExactly("first none", "second none", "third application");
    }

    @Test
    void aWatchedTaskThatThrowsIsNotRunAgain() {
        Executor executor = watching(ContextExecutorTest::runQuietly);
        AtomicInteger runs = new AtomicInteger();
        executor.execute(
                () -> {
                    runs.incrementAndGet();
                    throw new IllegalStateException("of the task");
                });
        assertThat(runs).hasValue(1);
    }

    @Test
    void whatRunsOnThreadsBesideHasTheContextToo() {
        Executor first = around(task -> {});
        Executor[] beside = new Executor[1];
        with("application", () -> beside[0] = ContextExecutor.beside(first, Runnable::run));
        List<String> seen = new ArrayList<>();
        with("thread of a client", () -> beside[0].execute(() -> seen.add(CONTEXT.get())));
        assertThat(seen).containsExactly("application");
        Executor threads = Runnable::run;
        assertThat(ContextExecutor.beside(task -> {}, threads)).isSameAs(threads);
    }

    @Test
    void everyTaskRunsInTheContextThatWasCapturedOnce() {
        Executor executor = around(Runnable::run);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String task = i + " ";
            with(
                    "thread of a client",
                    () -> executor.execute(() -> seen.add(task + CONTEXT.get())));
        }
        assertThat(seen).hasSize(100).doesNotHaveDuplicates();
        assertThat(seen).allMatch(task -> task.endsWith(" application"));
        assertThat(captures).hasValue(1);
    }

    @Test
    void tasksThatWaitAtOnceAreCarriedEachByItself() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        Executor executor = around(waiting::add);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            executor.execute(() -> seen.add(number));
        }
        waiting.forEach(Runnable::run);
        assertThat(seen).hasSize(100).isSorted();
    }

    @Test
    void aTaskMaySubmitAnotherWhileItRuns() {
        Executor executor = around(Runnable::run);
        List<String> seen = new ArrayList<>();
        executor.execute(
                () -> {
                    executor.execute(() -> seen.add("inner " + CONTEXT.get()));
                    seen.add("outer " + CONTEXT.get());
                });
        assertThat(seen).containsExactly("inner application", "outer application");
    }

    @Test
    void whatIsRefusedIsNotRunLater() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        AtomicInteger refusals = new AtomicInteger(1);
        Executor executor =
                around(
                        task -> {
                            waiting.add(task);
                            if (refusals.getAndDecrement() > 0) {
                                throw new RejectedExecutionException();
                            }
                        });
        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> executor.execute(() -> seen.add("refused")))
                .isInstanceOf(RejectedExecutionException.class);
        executor.execute(() -> seen.add("accepted"));
        waiting.poll();
        waiting.forEach(Runnable::run);
        assertThat(seen).containsExactly("accepted");
    }

    @Test
    void anExecutorThatRunsTwiceRunsNothingTwiceAndLosesNothing() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        Executor executor =
                around(
                        task -> {
                            waiting.add(task);
                            waiting.add(task);
                        });
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            executor.execute(() -> seen.add(number));
            // The second run of a task comes when its carrier carries the next one already.
            waiting.remove().run();
        }
        waiting.forEach(Runnable::run);
        assertThat(seen).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void noTaskIsLostOrRunTwiceUnderLoad() throws Exception {
        int perThread = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Executor executor = around(threads);
            List<AtomicInteger> runs = new ArrayList<>();
            for (int i = 0; i < 4 * perThread; i++) {
                runs.add(new AtomicInteger());
            }
            CountDownLatch done = new CountDownLatch(4 * perThread);
            ExecutorService publishers = Executors.newFixedThreadPool(4);
            for (int t = 0; t < 4; t++) {
                List<AtomicInteger> own = runs.subList(t * perThread, (t + 1) * perThread);
                publishers.execute(
                        () ->
                                own.forEach(
                                        run ->
                                                executor.execute(
                                                        () -> {
                                                            run.incrementAndGet();
                                                            done.countDown();
                                                        })));
            }
            publishers.shutdown();
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(runs).allMatch(run -> run.get() == 1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOrdinaryExecutorIsLeftAsItIs() {
        Executor plain = Runnable::run;
        assertThat(ContextExecutor.around(plain)).isSameAs(plain);
    }
}
