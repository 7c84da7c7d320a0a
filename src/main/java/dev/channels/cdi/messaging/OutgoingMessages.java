package dev.channels.cdi.messaging;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.config.ConnectorConfig;
import dev.channels.spi.Causes;
import dev.channels.spi.Log;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Publishes messages to a channel, in their order. A message is acknowledged when the broker has
 * accepted its event, and refused when it has not; another one is asked for then, so that no more
 * than {@code max-in-flight} are under way.
 */
final class OutgoingMessages implements Subscriber<Message<?>> {

    private final String name;
    private final MessagingChannels channels;
    private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();
    private volatile MessagingChannels.@Nullable Running running;

    /**
     * Makes the subscriber.
     *
     * @param name of the channel of Reactive Messaging
     */
    OutgoingMessages(String name, MessagingChannels channels) {
        this.name = name;
        this.channels = channels;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (!upstream.compareAndSet(null, subscription)) {
            // Rule 2.5: one at a time.
            subscription.cancel();
            return;
        }
        channels.onceStarted(application -> begin(application, subscription));
    }

    private void begin(MessagingChannels.Running application, Subscription subscription) {
        try {
            running = application;
            subscription.request(application.connector(false, name).maxInFlight());
        } catch (RuntimeException e) {
            subscription.cancel();
            onError(e);
        }
    }

    @Override
    public void onNext(Message<?> message) {
        Objects.requireNonNull(message, "message");
        CompletionStage<Void> published;
        try {
            published = publish(message.getPayload());
        } catch (RuntimeException | LinkageError e) {
            published = CompletableFuture.failedFuture(e);
        }
        var unused = published.whenComplete((v, failure) -> settle(message, failure));
    }

    private CompletionStage<Void> publish(Object payload) {
        MessagingChannels.Running application =
                Objects.requireNonNull(running, "No message was requested yet");
        ConnectorConfig connector = application.connector(false, name);
        List<String> channel = List.of(connector.channel());
        return payload instanceof ChannelEvent event
                ? application.plugin().waitPublished(event.data(), event.headers(), channel)
                : application.plugin().waitPublished(payload, channel);
    }

    private void settle(Message<?> message, @Nullable Throwable failure) {
        try {
            var unused = failure == null ? message.ack() : message.nack(Causes.of(failure));
        } catch (RuntimeException e) {
            Log.detail(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    () -> "A message of " + this + " could not be settled",
                    e);
        } finally {
            Subscription current = upstream.get();
            if (current != null) {
                current.request(1);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        Log.warn(
                ErrorCode.CONSUMER_FAILED,
                "The " + this + " has failed; nothing of it is published any more",
                failure);
    }

    @Override
    public void onComplete() {
        Log.detail(ErrorCode.STATE, () -> "The " + this + " is complete", null);
    }

    @Override
    public String toString() {
        return "outgoing channel " + name + " of Reactive Messaging";
    }
}
