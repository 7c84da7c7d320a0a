package dev.channels;

import org.jspecify.annotations.Nullable;

/**
 * A channel was joined: what follows in the stream of this channel follows its position.
 *
 * @param channel the name of the channel
 * @param position where the stream of the channel begins: the next event of the channel in this
 *     stream is the one after it. With {@link Start#now()} that is where the channel stood, with
 *     {@link Start#after} the position that was asked for. Null if the backend keeps no history, or
 *     was not asked for it ({@link Start#last} with 0)
 * @param complete whether every event since the start is in the stream or still to come: false
 *     after a {@link Start#after} whose events the broker no longer has, the position being the
 *     channel's present one then
 * @param replayed how many events of the history follow directly; more may follow after them
 */
public record Joined(String channel, @Nullable Position position, boolean complete, int replayed)
        implements Delivery {}
