package dev.channels.internal;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import java.util.function.Consumer;

/** Hands events to a callback; one that throws loses that event only. */
final class CallbackSender implements EventSender {

    private final Consumer<? super ChannelEvent> callback;

    CallbackSender(Consumer<? super ChannelEvent> callback) {
        this.callback = callback;
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        if (!(delivery instanceof ChannelEvent event)) {
            completion.sent();
            return;
        }
        try {
            callback.accept(event);
        } catch (Throwable e) {
            completion.skipped(e);
            return;
        }
        completion.sent();
    }

    @Override
    public String toString() {
        return "callback " + callback.getClass().getName();
    }
}
