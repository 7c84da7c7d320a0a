package dev.channels.it.once;

import dev.channels.event.FromChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Keeps what it was called with, on the one node that is to be called. */
@ApplicationScoped
public class OnceObserver {

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean holding;

    void observe(@ObservesAsync @FromChannel(value = "once", once = true) String text)
            throws InterruptedException {
        boolean held = holding;
        seen.add(text);
        if (held) {
            never.await();
        }
    }

    /** Has the next call not end. */
    void hold() {
        holding = true;
    }

    List<String> seen() {
        return List.copyOf(seen);
    }
}
