package dev.channels.it.ee;

import dev.channels.event.ClientConnected;
import dev.channels.event.ClientDisconnected;
import dev.channels.event.ClientSubscribed;
import dev.channels.event.ClientUnsubscribed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes who comes and goes. */
@ApplicationScoped
public class LifeLedger {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    void came(@ObservesAsync ClientConnected event) {
        seen.add("came by " + event.door());
    }

    void subscribed(@ObservesAsync ClientSubscribed event) {
        seen.add("subscribed to " + event.channel());
    }

    void unsubscribed(@ObservesAsync ClientUnsubscribed event) {
        seen.add("unsubscribed from " + event.channel());
    }

    void left(@ObservesAsync ClientDisconnected event) {
        seen.add("left: " + event.reason());
    }

    String seen() {
        return String.join("\n", seen);
    }
}
