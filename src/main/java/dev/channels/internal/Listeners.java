package dev.channels.internal;

import dev.channels.ChannelsListener;
import dev.channels.ErrorCode;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.SerialExecutor;
import dev.channels.spi.Log;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells the listeners, one call at a time and in order, off the threads of the backend. */
final class Listeners {

    private final CopyOnWriteArrayList<ChannelsListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor inOrder;
    private final Counters counters;

    Listeners(Executor executor, Counters counters) {
        this.inOrder = new SerialExecutor(executor);
        this.counters = counters;
    }

    void add(ChannelsListener listener) {
        listeners.addIfAbsent(listener);
    }

    void remove(ChannelsListener listener) {
        listeners.remove(listener);
    }

    void tell(Consumer<ChannelsListener> news) {
        if (!listeners.isEmpty()) {
            inOrder.execute(() -> listeners.forEach(listener -> tell(listener, news)));
        }
    }

    private void tell(ChannelsListener listener, Consumer<ChannelsListener> news) {
        try {
            news.accept(listener);
        } catch (Throwable e) {
            counters.applicationFailures.increment();
            Log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    "The listener " + listener.getClass().getName() + " threw; the others are told",
                    e);
        }
    }
}
