package dev.channels.cdi.messaging;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.config.ConnectorConfig;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.InterruptibleCode;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Hands the stream of one channel to one subscriber, as far as it asks for messages. What it does
 * not ask for, and what it has not acknowledged, is in flight; with {@code max-in-flight} of those
 * the next events wait in the backlog, whose limits hold as for every subscriber.
 *
 * <pre>
 *             begin              the stream ends        the queue is empty
 *   WAITING ─────────▶ FLOWING ─────────────────▶ ENDING ─────────────────▶ OVER: told once
 *      │                  │                          │
 *      └──────────────────┴────────── cancel ────────┴──────────────────────▶ OVER: told nothing
 * </pre>
 *
 * <p>Only the drain calls the subscriber. It is one task at a time, on the executor: {@code work}
 * counts the reasons to run since it last looked.
 */
final class IncomingStream implements Subscription, EventSender {

    /**
     * How a stream ends.
     *
     * @param told whether the subscriber knows of it
     */
    private record End(@Nullable Throwable failure, boolean told) {}

    private static final End CANCELLED = new End(null, true);

    private final String name;
    private final Subscriber<? super Message<?>> subscriber;
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final InterruptibleCode code = new InterruptibleCode();
    private volatile MessagingChannels.@Nullable Running running;
    private volatile @Nullable ConnectorConfig connector;
    private volatile dev.channels.@Nullable Subscription subscription;

    /** The same for all that is sent; written before the first of them is in the queue. */
    private volatile @Nullable Completion completion;

    IncomingStream(String name, Subscriber<? super Message<?>> subscriber) {
        this.name = name;
        this.subscriber = subscriber;
    }

    /** Subscribes to the channel; nothing is handed over before. */
    void begin(MessagingChannels.Running application) {
        running = application;
        try {
            ConnectorConfig found = application.connector(true, name);
            connector = found;
            if (end.get() == null) {
                subscription =
                        application
                                .plugin()
                                .startSubscription(List.of(found.channel()), found.start(), this);
            }
        } catch (ChannelsException | IllegalStateException e) {
            end(e);
        }
        if (end.get() != null) {
            close();
        }
        drainLater();
    }

    // ---- The subscriber's side

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            end(
                    new IllegalArgumentException(
                            "Reactive Streams, rule 3.9: at least one message must be requested,"
                                    + " not "
                                    + messages));
            close();
        } else {
            requested.accumulateAndGet(
                    messages, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
        }
        drainLater();
    }

    @Override
    public void cancel() {
        end.set(CANCELLED);
        close();
        drainLater();
    }

    private void end(@Nullable Throwable failure) {
        end.compareAndSet(null, new End(failure, false));
    }

    /** Messages that are never acknowledged must not hold the stream of the channel. */
    private void close() {
        dev.channels.Subscription current = subscription;
        if (current != null) {
            current.subscriber().stop(false);
        }
    }

    // ---- The channel's side

    @Override
    public int maxInFlight() {
        ConnectorConfig known = connector;
        return known == null ? 1 : known.maxInFlight();
    }

    @Override
    public void send(Delivery delivery, Completion answer) {
        ConnectorConfig known = connector;
        if (!(delivery instanceof ChannelEvent)
                && (known == null || known.payload() != Delivery.class)) {
            answer.sent();
            return;
        }
        completion = answer;
        queue.add(delivery);
        drainLater();
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        end(failure);
        drainLater();
    }

    @Override
    public void abandoned() {
        code.interrupt();
    }

    // ---- The drain

    private void drainLater() {
        MessagingChannels.Running application = running;
        if (application != null && work.getAndIncrement() == 0) {
            application.executor().execute(() -> drain(application));
        }
    }

    private void drain(MessagingChannels.Running application) {
        int seen = work.get();
        do {
            while (step(application)) {
                // The next one follows.
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Hands over the next item; returns whether another may follow. */
    private boolean step(MessagingChannels.Running application) {
        End ending = end.get();
        if (ending != null && ending.told()) {
            queue.clear();
            return false;
        }
        Delivery next = requested.get() > 0 ? queue.poll() : null;
        if (next != null) {
            handOver(next, application);
            return true;
        }
        if (ending != null && queue.isEmpty() && end.compareAndSet(ending, CANCELLED)) {
            Throwable failure = ending.failure();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        }
        return false;
    }

    private void handOver(Delivery delivery, MessagingChannels.Running application) {
        Completion answer = completion;
        ConnectorConfig known = connector;
        if (answer == null || known == null) {
            throw new IllegalStateException("Nothing is in the queue before these are known");
        }
        Receipt receipt = new Receipt(answer);
        Object payload;
        try {
            payload =
                    delivery instanceof ChannelEvent event && known.payload() != Delivery.class
                            ? application.decoder().apply(event, known.payload())
                            : delivery;
        } catch (RuntimeException | LinkageError e) {
            receipt.refuse(e);
            return;
        }
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
        Message<Object> message = Message.of(payload, receipt::acknowledge, receipt::refuse);
        Tracing.Step step =
                delivery instanceof ChannelEvent event
                        ? application.tracing().get().processing(event)
                        : Tracing.Step.NONE;
        code.begin();
        try {
            subscriber.onNext(message);
        } catch (RuntimeException | Error e) {
            // Rule 2.13: it has cancelled its subscription by that.
            step.ended(e);
            receipt.refuse(e);
            cancel();
            return;
        } finally {
            code.end();
        }
        step.ended(null);
    }

    /** Names the stream in what is logged of it. */
    @Override
    public String toString() {
        return "incoming channel " + name + " of Reactive Messaging";
    }
}
