package dev.channels.client.session;

import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.spi.ChannelNames;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a client that has come back was in the channels that the application had subscribed it to,
 * by its own word: each is used once, when the application does so again. Used by one task at a
 * time.
 */
final class EarlierPositions {

    private final int max;
    private final Map<String, StreamPosition> positions = new HashMap<>(0);

    /**
     * Begins with none.
     *
     * @param max how many are kept
     */
    EarlierPositions(int max) {
        this.max = max;
    }

    /** Keeps what a client says as it connects; what is too much is left out. */
    void note(Map<String, Request.Subscribe> before) {
        before.forEach(
                (channel, was) -> {
                    if (was.recover() && ChannelNames.isValid(channel) && positions.size() < max) {
                        positions.put(channel, was.position());
                    }
                });
    }

    /** Returns where the client was, or null if it has not said so; for the first time only. */
    @Nullable StreamPosition take(String channel) {
        return positions.remove(channel);
    }
}
