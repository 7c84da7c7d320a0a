package dev.channels.internal.task;

import org.jspecify.annotations.Nullable;

/** Is told how long things take, and how much they are at once. Neither blocks nor throws. */
public interface Durations {

    /** Nobody wants to know, and no clock is asked. */
    Durations NONE =
            new Durations() {
                @Override
                public void published(long nanos, @Nullable String error) {}

                @Override
                public void handedOver(int events) {}
            };

    /**
     * A publish is settled.
     *
     * @param nanos since it was accepted
     * @param error the code of what went wrong; null where the broker has accepted it
     */
    void published(long nanos, @Nullable String error);

    /**
     * A batch was handed to the broker.
     *
     * @param events how many
     */
    void handedOver(int events);
}
