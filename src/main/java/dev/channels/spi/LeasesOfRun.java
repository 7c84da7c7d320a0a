package dev.channels.spi;

import dev.channels.Position;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The leases of a backend that makes new ones at each start: one object for the backend's life,
 * which hands every call to those that there are at that moment. Safe for use by any thread.
 */
public final class LeasesOfRun implements ChannelLeases {

    private final Supplier<? extends ChannelLeases> current;

    /**
     * Makes the leases of a backend.
     *
     * @param current returns the leases of the last start; throws {@link IllegalStateException} if
     *     there is none, which the caller then sees
     */
    public LeasesOfRun(Supplier<? extends ChannelLeases> current) {
        this.current = Objects.requireNonNull(current, "current");
    }

    @Override
    public CompletionStage<Lease> take(String name, String holder, Duration lifetime) {
        return current.get().take(name, holder, lifetime);
    }

    @Override
    public CompletionStage<Boolean> advance(
            String name, String holder, Position position, Duration lifetime) {
        return current.get().advance(name, holder, position, lifetime);
    }

    @Override
    public CompletionStage<Void> release(String name, String holder) {
        return current.get().release(name, holder);
    }
}
