package dev.channels.demo;

import dev.channels.event.FromChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/** Is called with the readings, so that there is a call to follow. */
@ApplicationScoped
public class TickObserver {

    private volatile Reading last;

    void read(@ObservesAsync @FromChannel("ticks") Reading reading) {
        last = reading;
    }

    /** Returns the last reading. */
    public Reading last() {
        return last;
    }
}
