package dev.channels.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What a backend is made with.
 *
 * @param settings the values of the backend's own keys
 * @param policies for the channels of each policy, the values of its keys {@link
 *     BackendFactory#policyKeys}: those that are set hold there instead of the backend's own
 * @param executor runs short tasks on the container's managed threads; may refuse them while the
 *     server stops. A task must not park its thread: a client that blocks needs a thread of its
 *     own, which ends with {@link ChannelsBackend#stop}.
 * @param scheduler runs short tasks later; not to be shut down
 */
public record BackendContext(
        BackendSettings settings,
        ChannelRules<BackendSettings> policies,
        Executor executor,
        ScheduledExecutorService scheduler) {

    /**
     * Makes a context without policies.
     *
     * @param settings the values of the backend's own keys
     * @param executor runs short tasks on the container's managed threads
     * @param scheduler runs short tasks later
     */
    public BackendContext(
            BackendSettings settings, Executor executor, ScheduledExecutorService scheduler) {
        this(settings, ChannelRules.none(), executor, scheduler);
    }
}
