package dev.channels;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a client may do what it wants.
 *
 * @param expiry until when; null for as long as it is connected
 * @param info JSON that other clients may see of this subscription; null for nothing
 */
public record ClientPermit(@Nullable Instant expiry, @Nullable String info) {

    /** For as long as the client is connected, with nothing to see. */
    public static final ClientPermit GRANTED = new ClientPermit(null, null);
}
