package dev.channels.spi;

import dev.channels.Position;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets one node at a time do some work with a channel: the holder of the work's lease. The lease
 * remembers how far the work has come, so that the next holder goes on there.
 *
 * <p>A lease that its holder neither takes again nor advances for its lifetime is free, by the
 * broker's clock; what it remembers stays, for some days at least while nobody takes it. A lease
 * begins to be when it is first taken. Names are exact, and apart from those of another prefix.
 *
 * <p>Not blocking, and safe for use by any thread. The stages complete on any thread, and fail with
 * {@link BrokerUnavailableException} while the broker is away, the effect of the call being unknown
 * then.
 */
public interface ChannelLeases {

    /**
     * How a lease stands for who wants it.
     *
     * @param held whether it is his
     * @param position the last one that a holder has come to; null if there is none, or if the
     *     lease is another's
     */
    record Lease(boolean held, @Nullable Position position) {

        /** The lease is another's. */
        public static final Lease TAKEN = new Lease(false, null);
    }

    /**
     * Takes a lease that is free or over, or keeps one's own.
     *
     * @param name names the work, 1 to 1,000 characters
     * @param holder names who wants it, the same for one node as long as it runs
     * @param lifetime how long it is his without another call
     * @return completes with how it stands
     */
    CompletionStage<Lease> take(String name, String holder, Duration lifetime);

    /**
     * Remembers how far the work has come, and keeps the lease.
     *
     * @param name names the work
     * @param holder who has come there
     * @param position the position of the last event that is done with
     * @param lifetime as in {@link #take}
     * @return completes with whether the lease is still his; if not, nothing is remembered
     */
    CompletionStage<Boolean> advance(
            String name, String holder, Position position, Duration lifetime);

    /**
     * Gives a lease up, so that another one need not wait for its end. Does nothing if it is
     * another's.
     *
     * @param name names the work
     * @param holder who gives it up
     * @return completes when it is free
     */
    CompletionStage<Void> release(String name, String holder);
}
