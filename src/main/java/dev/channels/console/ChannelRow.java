package dev.channels.console;

import dev.channels.Position;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A channel in a list.
 *
 * @param name its name
 * @param subscribers how many it has on this node
 * @param events how many came to this node; 0 where it is not followed
 * @param rate how many came in a second, lately; NaN where that is not known
 * @param reached the position of the last one that came to this node; null if none did
 */
record ChannelRow(
        String name, int subscribers, long events, double rate, @Nullable Position reached) {

    private static final Comparator<ChannelRow> BY_NAME = Comparator.comparing(ChannelRow::name);

    private static final Comparator<ChannelRow> BY_RATE =
            Comparator.comparingDouble((ChannelRow row) -> Double.isNaN(row.rate) ? -1 : row.rate)
                    .reversed()
                    .thenComparing(BY_NAME);

    private static final Comparator<ChannelRow> BY_SUBSCRIBERS =
            Comparator.comparingInt(ChannelRow::subscribers).reversed().thenComparing(BY_NAME);

    /** Returns the order that is asked for; by name where it is none of ours. */
    static Comparator<ChannelRow> order(String name) {
        return switch (name) {
            case "rate" -> BY_RATE;
            case "subscribers" -> BY_SUBSCRIBERS;
            default -> BY_NAME;
        };
    }
}
