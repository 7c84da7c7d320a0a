package dev.channels.demo;

import dev.channels.event.FromChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/**
 * Keeps the highest reading since the start. It observes the channel, and so gets the readings of
 * every node as events of CDI.
 */
@ApplicationScoped
public class Warmest {

    private volatile Reading reading;

    /** Called for one reading after another. */
    void read(@ObservesAsync @FromChannel("ticks") Reading next) {
        Reading before = reading;
        if (before == null || next.celsius() > before.celsius()) {
            reading = next;
        }
    }

    /**
     * Tells how warm it has been.
     *
     * @return for a person; empty as long as nothing was read
     */
    public String word() {
        Reading known = reading;
        return known == null ? "" : known.celsius() + " °C";
    }
}
