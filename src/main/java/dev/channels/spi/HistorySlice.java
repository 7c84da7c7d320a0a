package dev.channels.spi;

import dev.channels.ChannelEvent;
import java.util.List;

/**
 * Events of one channel's history.
 *
 * @param events the events, oldest first; immutable
 * @param gap whether events between the position that was asked for and the first of these are gone
 */
public record HistorySlice(List<ChannelEvent> events, boolean gap) {

    /**
     * Makes a slice; copies the list.
     *
     * @param events the events, oldest first
     * @param gap whether some are gone
     */
    public HistorySlice {
        events = List.copyOf(events);
    }
}
