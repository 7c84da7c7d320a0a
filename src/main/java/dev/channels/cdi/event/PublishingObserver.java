package dev.channels.cdi.event;

import dev.channels.event.ToChannel;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Observes what is fired with {@link ToChannel}, whatever the channel. One that is configured by
 * the container's means would wrap what it throws.
 */
final class PublishingObserver implements ObserverMethod<Object> {

    private final Consumer<EventContext<Object>> publisher;
    private final boolean async;

    PublishingObserver(Consumer<EventContext<Object>> publisher, boolean async) {
        this.publisher = publisher;
        this.async = async;
    }

    @Override
    public Class<?> getBeanClass() {
        return PublishingObserver.class;
    }

    @Override
    public Type getObservedType() {
        return Object.class;
    }

    @Override
    public Set<Annotation> getObservedQualifiers() {
        return Set.of(new ToChannel.Literal(""));
    }

    @Override
    public Reception getReception() {
        return Reception.ALWAYS;
    }

    @Override
    public TransactionPhase getTransactionPhase() {
        return TransactionPhase.IN_PROGRESS;
    }

    @Override
    public boolean isAsync() {
        return async;
    }

    @Override
    public void notify(EventContext<Object> context) {
        publisher.accept(context);
    }
}
