package dev.channels.cdi;

import dev.channels.ErrorCode;
import dev.channels.internal.Log;
import dev.channels.websocket.ServiceCache;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.util.concurrent.Executor;

/**
 * Gives every task the context of the application: its class loader and its {@code java:comp}. A
 * managed executor takes the context of whoever submits (Jakarta Concurrency 3.0, section 3.3),
 * which on the thread of a broker's client, or of an engine's completion, is none.
 */
final class ApplicationContext {

    /**
     * Payara's managed executors look for service files with every task, down to the file system,
     * through the context class loader of the thread that submits.
     */
    private static final String LOOKS_FOR_SERVICES = "org.glassfish.enterprise.concurrent.";

    private ApplicationContext() {}

    /**
     * Returns an executor that runs tasks on the given one, in the context of the calling thread.
     */
    static Executor around(Executor managed) {
        try {
            if (managed instanceof ManagedExecutorService service) {
                ContextService contexts = service.getContextService();
                Executor inContext = contexts.currentContextExecutor();
                Executor submitting = withoutLooking(managed);
                return task -> submitting.execute(() -> inContext.execute(task));
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

    private static Executor withoutLooking(Executor managed) {
        if (!managed.getClass().getName().startsWith(LOOKS_FOR_SERVICES)) {
            return managed;
        }
        ServiceCache services = new ServiceCache(ApplicationContext.class.getClassLoader());
        return task -> services.around(() -> managed.execute(task));
    }
}
