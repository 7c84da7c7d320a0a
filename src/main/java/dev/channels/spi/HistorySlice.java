package dev.channels.spi;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import java.util.List;
import java.util.Objects;

/**
 * Events of one channel's history, and where the channel stood when they were read.
 *
 * @param events the events, oldest first; immutable
 * @param position the position of the channel's newest event at that moment, whether it is among
 *     the events or not; of a channel without events, the one that its first event will follow
 * @param gap whether events between the position that was asked for and the first of these are gone
 */
public record HistorySlice(List<ChannelEvent> events, Position position, boolean gap) {

    /**
     * Makes a slice; copies the list.
     *
     * @param events the events, oldest first
     * @param position where the channel stands
     * @param gap whether some are gone
     */
    public HistorySlice {
        events = List.copyOf(events);
        Objects.requireNonNull(position, "position");
    }
}
