package dev.channels.spi;

import dev.channels.Position;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events that a broker keeps. What it returns holds every event that the broker had
 * accepted when the method was called and has not dropped since, in the order of the channel.
 *
 * <p>The offsets of one epoch are 1, 2, 3 … without holes: an event's offset is that of the event
 * before it, plus 1. A channel without events has a position too: an epoch and the offset 0. Its
 * first event has the offset 1 in that epoch, unless the channel was forgotten in between.
 *
 * <p>Not blocking, and safe for use by any thread, several calls at once among them; the stages
 * complete on any thread. They fail with {@link BrokerUnavailableException} while the broker is
 * away.
 */
public interface ChannelHistory {

    /**
     * Reads the newest events of a channel.
     *
     * @param channel the name of the channel; one without any event has an empty history
     * @param limit how many events at most, counted from the newest one; negative for all, 0 for
     *     the channel's position alone
     * @return completes with the events, oldest first; never with a gap
     */
    CompletionStage<HistorySlice> last(String channel, int limit);

    /**
     * Reads the events that follow a position.
     *
     * @param channel the name of the channel
     * @param position where the reader stands: it has seen the event at this position and all
     *     before
     * @param limit how many events at most, counted from the position; negative for all
     * @return completes with the events, oldest first. The slice has a gap if events after the
     *     position are gone, or if the position is of another epoch or ahead of the history,
     *     whatever the limit; its events then begin with the oldest one that there is.
     */
    CompletionStage<HistorySlice> after(String channel, Position position, int limit);

    /**
     * Reads the events in front of a position.
     *
     * @param channel the name of the channel
     * @param position the events before it are read, not the one at it
     * @param limit how many events at most, counted backwards from the position; negative for all
     * @return completes with the events, oldest first. The slice has a gap, and no events, if the
     *     position is of another epoch.
     */
    CompletionStage<HistorySlice> before(String channel, Position position, int limit);

    /**
     * Forgets a channel: deletes the events that it keeps, and begins another epoch of it. A
     * position of before is a gap from then on, and an event that is accepted afterwards is the
     * first of the new epoch. Nodes that are subscribed to the channel tell their sinks a {@link
     * BackendSink#gap} once they notice; what is published meanwhile is forgotten too, or not.
     *
     * @param channel the name of the channel; one without any event may stay as it is
     * @return completes when no read finds the events any more
     */
    CompletionStage<Void> forget(String channel);

    /**
     * Tells whether this history is in the memory of this JVM, so that nothing is won by keeping
     * what was read from it.
     *
     * @return false unless overridden
     */
    default boolean isInMemory() {
        return false;
    }
}
