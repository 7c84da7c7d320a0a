package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.InterruptibleCode;
import java.util.function.Consumer;

/** Hands a stream to a callback; one that throws loses that item only. */
final class CallbackSender implements EventSender {

    private final Consumer<? super Delivery> callback;
    private final Counters counters;
    private final InterruptibleCode code = new InterruptibleCode();

    /** Whether the callback is given nothing but events. */
    private final boolean eventsOnly;

    private CallbackSender(
            Consumer<? super Delivery> callback, boolean eventsOnly, Counters counters) {
        this.counters = counters;
        this.callback = callback;
        this.eventsOnly = eventsOnly;
    }

    static CallbackSender ofDeliveries(Consumer<? super Delivery> callback, Counters counters) {
        return new CallbackSender(callback, false, counters);
    }

    @SuppressWarnings("unchecked") // it is given events only
    static CallbackSender ofEvents(Consumer<? super ChannelEvent> callback, Counters counters) {
        return new CallbackSender(
                (Consumer<? super Delivery>) (Consumer<?>) callback, true, counters);
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        try {
            if (delivery instanceof ChannelEvent event) {
                follow(event);
            } else if (!eventsOnly) {
                call(delivery);
            }
        } catch (Throwable e) {
            completion.skipped(e);
            return;
        }
        completion.sent();
    }

    private void follow(ChannelEvent event) {
        Tracing.Step step = counters.tracing().processing(event);
        Throwable failure = null;
        try {
            call(event);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            step.ended(failure);
        }
    }

    private void call(Delivery delivery) {
        code.begin();
        try {
            callback.accept(delivery);
        } finally {
            code.end();
        }
    }

    @Override
    public void abandoned() {
        code.interrupt();
    }

    @Override
    public String toString() {
        return "callback " + callback.getClass().getName();
    }
}
