package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.server.KnownServers;
import dev.channels.server.Server;
import dev.channels.spi.Log;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives every task the context of the application: its class loader and its {@code java:comp}. A
 * managed executor takes the context of whoever submits (Jakarta Concurrency 3.0, section 3.3),
 * which on the thread of a broker's client, or of an engine's completion, is none.
 *
 * <p>To take a context costs Open Liberty up to a millisecond where it happens some times a second
 * only, as much as a hundred sends. It does not with a task that has a context already; so those
 * are used again. Each carries one task at a time from the submission to its begin; what it has
 * carried may still run when it carries the next, for a contextual task may run on many threads.
 *
 * <p>While an application starts, GlassFish 8 refuses its context on the thread of the executor,
 * where nobody is told. There a task is watched, and runs without the context, as on the threads
 * that stand in where an executor refuses it.
 */
final class ContextExecutor implements Executor {

    /** More tasks than that rarely wait at once; those are made anew. */
    private static final int KEPT = 64;

    private final Executor managed;
    private final ContextService contexts;
    private final boolean watched;
    private final Supplier<Carrier> carriers;
    private final Queue<Carrier> idle = new ArrayBlockingQueue<>(KEPT);

    private ContextExecutor(Executor managed, ContextService contexts, boolean watched) {
        this.managed = managed;
        this.contexts = contexts;
        this.watched = watched;
        this.carriers = contexts.contextualSupplier(Carrier::new);
    }

    /**
     * Returns an executor that runs tasks on the given one, in the context of the calling thread.
     */
    static Executor around(Executor managed) {
        Server server = KnownServers.of(managed);
        return around(managed, server.withoutDetours(managed), server.refusesContextsUnseen());
    }

    /**
     * Returns an executor that runs tasks in the context of the calling thread.
     *
     * @param managed has the context
     * @param threads run them
     * @param watched see {@link Server#refusesContextsUnseen}
     */
    static Executor around(Executor managed, Executor threads, boolean watched) {
        try {
            if (managed instanceof ManagedExecutorService service) {
                return new ContextExecutor(threads, service.getContextService(), watched);
            }
        } catch (RuntimeException | LinkageError e) {
            Log.warn(
                    ErrorCode.EXECUTOR,
                    "The managed executor gives no context service; callbacks may run without the"
                            + " context of the application.",
                    e);
        }
        return managed;
    }

    /** Returns an executor that runs tasks on others' threads in the context of a first one. */
    static Executor beside(Executor first, Executor threads) {
        return first instanceof ContextExecutor inContext
                ? new ContextExecutor(threads, inContext.contexts, inContext.watched)
                : threads;
    }

    @Override
    public void execute(Runnable task) {
        Carrier free = idle.poll();
        Carrier carrier = free != null ? free : carriers.get();
        carrier.task.set(task);
        // One that is refused is not used again: nobody knows what has become of it.
        managed.execute(watched ? carrier::runWatched : carrier.inContext);
    }

    private static void runWithoutContext(Runnable task) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ContextExecutor.class.getClassLoader());
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Carries one task after another into the context that it was made in. */
    private final class Carrier implements Runnable {
        private final Runnable inContext = contexts.contextualRunnable(this);
        private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();

        @Override
        public void run() {
            Runnable carried = task.getAndSet(null);
            if (carried == null) {
                // The executor has run it twice; what it carried is done or at work.
                return;
            }
            idle.offer(this);
            carried.run();
        }

        void runWatched() {
            try {
                inContext.run();
            } catch (RuntimeException e) {
                Runnable refused = task.getAndSet(null);
                if (refused == null) {
                    throw e;
                }
                Log.detail(ErrorCode.EXECUTOR, () -> "The server gives a task no context", e);
                idle.offer(this);
                runWithoutContext(refused);
            }
        }
    }
}
