package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import java.util.function.Consumer;

/** Hands a stream to a callback; one that throws loses that item only. */
final class CallbackSender implements EventSender {

    private final Consumer<? super Delivery> callback;
    private final Object named;

    private CallbackSender(Consumer<? super Delivery> callback, Object named) {
        this.callback = callback;
        this.named = named;
    }

    static CallbackSender ofDeliveries(Consumer<? super Delivery> callback) {
        return new CallbackSender(callback, callback);
    }

    static CallbackSender ofEvents(Consumer<? super ChannelEvent> callback) {
        return new CallbackSender(
                delivery -> {
                    if (delivery instanceof ChannelEvent event) {
                        callback.accept(event);
                    }
                },
                callback);
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        try {
            callback.accept(delivery);
        } catch (Throwable e) {
            completion.skipped(e);
            return;
        }
        completion.sent();
    }

    @Override
    public String toString() {
        return "callback " + named.getClass().getName();
    }
}
