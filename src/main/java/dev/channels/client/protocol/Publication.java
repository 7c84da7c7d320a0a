package dev.channels.client.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as the protocol carries it.
 *
 * @param data the payload
 * @param info who published it, or null if it was no client
 * @param offset where it stands in its channel; 0 where clients are given no positions
 * @param tags names and values that travel with it
 */
public record Publication(
        Payload data, @Nullable ClientInfo info, long offset, Map<String, String> tags) {

    /**
     * Makes a publication.
     *
     * @param data the payload
     * @param info who published it, or null if it was no client
     * @param offset where it stands in its channel; 0 where clients are given no positions
     * @param tags names and values that travel with it; copied
     */
    public Publication {
        tags = Map.copyOf(tags);
    }
}
