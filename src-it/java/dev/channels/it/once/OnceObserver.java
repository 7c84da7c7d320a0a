package dev.channels.it.once;

import dev.channels.event.FromChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it was called with, on the one node that is to be called. */
@ApplicationScoped
public class OnceObserver {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    void observe(@ObservesAsync @FromChannel(value = "once", once = true) String text) {
        seen.add(text);
    }

    List<String> seen() {
        return List.copyOf(seen);
    }
}
