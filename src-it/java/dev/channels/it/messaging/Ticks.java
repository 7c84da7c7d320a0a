package dev.channels.it.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Sends ticks to a channel, and what comes from there, as prices, to another one. */
@ApplicationScoped
public class Ticks {

    @Inject
    @Channel("to-ticks")
    private Emitter<Object> ticks;

    CompletionStage<Void> send(Object tick) {
        return ticks.send(tick);
    }

    @Incoming("ticks")
    @Outgoing("prices")
    public String price(String tick) {
        return "price-" + tick;
    }
}
