package dev.channels.internal.task;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Is told how long things take, and how much they are at once. Neither blocks nor throws. */
public interface Durations {

    /** Instead of a time that nobody has taken. */
    long UNTIMED = -1;

    /** Nobody wants to know, and no clock is asked. */
    Durations NONE =
            new Durations() {
                @Override
                public void published(Set<String> channels, long nanos, @Nullable String error) {}

                @Override
                public void handedOver(int events) {}

                @Override
                public void fannedOut(String channel, long nanos) {}

                @Override
                public void sent(long nanos) {}
            };

    /**
     * A publish is settled.
     *
     * @param channels where it went
     * @param nanos since it was accepted; {@link #UNTIMED} where it was not, or by a transaction
     * @param error the code of what went wrong; null where the broker has accepted it
     */
    void published(Set<String> channels, long nanos, @Nullable String error);

    /**
     * A batch was handed to the broker.
     *
     * @param events how many
     */
    void handedOver(int events);

    /**
     * An event came from the broker and is in the mailboxes of all its subscribers.
     *
     * @param channel its channel
     * @param nanos since the backend handed it over
     */
    void fannedOut(String channel, long nanos);

    /**
     * An event was written to a client. Not every event is told: one at a time of each client.
     *
     * @param nanos since it was put into the client's mailbox
     */
    void sent(long nanos);
}
