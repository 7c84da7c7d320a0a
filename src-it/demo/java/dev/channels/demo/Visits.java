package dev.channels.demo;

import dev.channels.event.ClientConnected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the clients that have come, as the plugin tells of them by events of CDI. */
@ApplicationScoped
public class Visits {

    private final AtomicLong count = new AtomicLong();

    void came(@ObservesAsync ClientConnected event) {
        if (!event.door().equals("client")) {
            // Not a page: what looks whether the demo has started follows a plain endpoint.
            return;
        }
        count.incrementAndGet();
    }

    /**
     * Tells how many have come.
     *
     * @return the count, from the start on
     */
    public long count() {
        return count.get();
    }
}
