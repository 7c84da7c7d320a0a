package dev.channels.spi;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The presence of a backend that makes a new one at each start: one object for the backend's life,
 * which hands every call to the presence that there is at that moment. Safe for use by any thread.
 */
public final class PresenceOfRun implements ChannelPresence {

    private final Supplier<? extends ChannelPresence> current;

    /**
     * Makes the presence of a backend.
     *
     * @param current returns the presence of the last start; throws {@link IllegalStateException}
     *     if there is none, which the caller then sees
     */
    public PresenceOfRun(Supplier<? extends ChannelPresence> current) {
        this.current = Objects.requireNonNull(current, "current");
    }

    @Override
    public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
        return current.get().change(changes, lifetime);
    }

    @Override
    public CompletionStage<Set<String>> keepAlive(Map<String, Integer> clients, Duration lifetime) {
        return current.get().keepAlive(clients, lifetime);
    }

    @Override
    public CompletionStage<Void> replace(
            Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
        return current.get().replace(clients, lifetime);
    }

    @Override
    public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
        return current.get().clients(channel, limit);
    }

    @Override
    public CompletionStage<PresenceStatistics> statistics(String channel) {
        return current.get().statistics(channel);
    }
}
