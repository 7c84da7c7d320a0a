package dev.channels.demo;

import dev.channels.event.BrokerBack;
import dev.channels.event.BrokerLost;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/**
 * Knows how the broker is, as the plugin tells by events of CDI. Where the server has MicroProfile
 * Health, the plugin answers that by itself.
 */
@ApplicationScoped
public class Health {

    private volatile boolean lost;

    void lost(@ObservesAsync BrokerLost event) {
        lost = true;
    }

    void back(@ObservesAsync BrokerBack event) {
        lost = false;
    }

    /**
     * Tells it in a word.
     *
     * @return for a person
     */
    public String word() {
        return lost ? "broker lost" : "up";
    }
}
