package dev.channels.spi;

import dev.channels.Position;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events that a broker keeps. What it returns holds every event that the broker had
 * accepted when the method was called and has not dropped since, in the order of the channel.
 *
 * <p>Not blocking; the stages complete on any thread. They fail with {@link
 * BrokerUnavailableException} while the broker is away.
 */
public interface ChannelHistory {

    /**
     * Reads the newest events of a channel.
     *
     * @param channel the name of the channel; one without any event has an empty history
     * @param limit how many events at most, counted from the newest one; negative for all
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
     *     position are gone, or if the position is of another epoch or ahead of the history, or the
     *     channel has no events, whatever the limit; its events then begin with the oldest one that
     *     there is.
     */
    CompletionStage<HistorySlice> after(String channel, Position position, int limit);
}
