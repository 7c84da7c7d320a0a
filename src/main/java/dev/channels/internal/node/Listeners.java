package dev.channels.internal.node;

import dev.channels.ChannelsListener;
import dev.channels.ErrorCode;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.NodeLog;
import dev.channels.internal.task.SerialExecutor;
import dev.channels.internal.task.SureExecutor;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells the listeners, one call at a time and in order, off the threads of the backend. */
final class Listeners {

    /** A listener that blocks for longer than so many calls misses those that come then. */
    private static final int MAX_WAITING = 10_000;

    private final CopyOnWriteArrayList<ChannelsListener> listeners = new CopyOnWriteArrayList<>();
    private final SerialExecutor inOrder;
    private final Counters counters;
    private final NodeLog log;

    Listeners(SureExecutor executor, Counters counters, NodeLog log) {
        this.inOrder = new SerialExecutor(executor, MAX_WAITING);
        this.counters = counters;
        this.log = log;
    }

    void add(ChannelsListener listener) {
        listeners.addIfAbsent(listener);
    }

    void remove(ChannelsListener listener) {
        listeners.remove(listener);
    }

    void tell(Consumer<ChannelsListener> news) {
        if (!listeners.isEmpty()) {
            boolean waits =
                    inOrder.offer(() -> listeners.forEach(listener -> tell(listener, news)));
            if (!waits) {
                log.warn(
                        ErrorCode.APPLICATION_CODE_FAILED,
                        "listeners",
                        () ->
                                "The listeners are "
                                        + MAX_WAITING
                                        + " calls behind and miss what comes now. Find what blocks"
                                        + " one.",
                        null);
            }
        }
    }

    private void tell(ChannelsListener listener, Consumer<ChannelsListener> news) {
        try {
            news.accept(listener);
        } catch (Throwable e) {
            counters.applicationFailures.increment();
            String name = listener.getClass().getName();
            log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    name,
                    () -> "The listener " + name + " threw; the others are told",
                    e);
        }
    }
}
