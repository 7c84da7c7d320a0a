package dev.channels.cdi.event;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Joined;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.InterruptibleCode;
import dev.channels.spi.Log;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.reflect.Type;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls one observer method for the events of its channel, one after another. Each call is a task
 * of its own, since a method may block: the few threads that serve the streams do not wait for it.
 */
final class ObserverSender implements EventSender {

    private final ChannelObserver observer;
    private final BiFunction<ChannelEvent, Type, Object> decoder;
    private final Executor executor;
    private final Supplier<Tracing> tracing;

    private final InterruptibleCode code = new InterruptibleCode();

    /** Used by one task at a time. */
    private final RequestContextController requests;

    ObserverSender(
            ChannelObserver observer,
            BiFunction<ChannelEvent, Type, Object> decoder,
            Executor executor,
            RequestContextController requests,
            Supplier<Tracing> tracing) {
        this.tracing = tracing;
        this.observer = observer;
        this.decoder = decoder;
        this.executor = executor;
        this.requests = requests;
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        if (delivery instanceof ChannelEvent event) {
            executor.execute(() -> notify(event, completion));
        } else {
            if (delivery instanceof Joined joined && !joined.complete()) {
                warnOfMissed(joined);
            }
            completion.sent();
        }
    }

    private void warnOfMissed(Joined joined) {
        Log.warn(
                ErrorCode.GAP,
                "The observer "
                        + observer.place()
                        + " was to go on in '"
                        + ChannelNames.printable(joined.channel())
                        + "' after a position whose events the broker no longer has; it begins after "
                        + joined.position()
                        + ".",
                null);
    }

    private void notify(ChannelEvent event, Completion completion) {
        Tracing.Step step = tracing.get().processing(event);
        try {
            notifyInRequest(decoder.apply(event, observer.type()));
        } catch (Throwable e) {
            step.ended(e);
            completion.skipped(e);
            return;
        }
        step.ended(null);
        completion.sent();
    }

    @SuppressWarnings("unchecked")
    private void notifyInRequest(Object decoded) {
        boolean activated = requests.activate();
        code.begin();
        try {
            ((ObserverMethod<Object>) observer.method()).notify(decoded);
        } finally {
            code.end();
            if (activated) {
                requests.deactivate();
            }
        }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure != null) {
            Log.warn(
                    ErrorCode.CONSUMER_FAILED,
                    "The observer " + observer.place() + " gets no more events",
                    failure);
        }
    }

    @Override
    public void abandoned() {
        code.interrupt();
    }

    /** Names the observer in what is logged of it. */
    @Override
    public String toString() {
        return "observer " + observer.place();
    }
}
