package dev.channels.internal.task;

import dev.channels.ChannelEvent;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows events on their way through nodes. Neither blocks nor throws. */
public interface Tracing {

    /** One step on the way. Its end is told once. */
    @FunctionalInterface
    interface Step {

        /** A step that nobody follows. */
        Step NONE = failure -> {};

        /**
         * The step is over; called by the thread that began it, unless it is a publish.
         *
         * @param failure why it failed, or null
         */
        void ended(@Nullable Throwable failure);
    }

    /**
     * A publish.
     *
     * @param headers what travels with the event
     * @param step ends when the publish is settled, by any thread
     */
    record Publish(Map<String, String> headers, Step step) {}

    /** Nobody follows them. */
    Tracing NONE =
            new Tracing() {
                @Override
                public Publish publishing(Set<String> channels, Map<String, String> headers) {
                    return new Publish(headers, Step.NONE);
                }

                @Override
                public Step processing(ChannelEvent event) {
                    return Step.NONE;
                }
            };

    /**
     * The calling thread publishes.
     *
     * @param channels where to
     * @param headers what the application sends with the event
     * @return the same, and what tells the others where it comes from
     */
    Publish publishing(Set<String> channels, Map<String, String> headers);

    /**
     * The calling thread is about to hand an event to the application.
     *
     * @param event the event
     * @return ends when the application has taken it
     */
    Step processing(ChannelEvent event);
}
