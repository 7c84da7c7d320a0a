package dev.channels.cdi.event;

import dev.channels.ChannelsListener;
import dev.channels.ErrorCode;
import dev.channels.endpoint.connection.ClientListener;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.NamedClient;
import dev.channels.event.BrokerBack;
import dev.channels.event.BrokerLost;
import dev.channels.event.ClientConnected;
import dev.channels.event.ClientDisconnected;
import dev.channels.event.ClientSubscribed;
import dev.channels.event.ClientUnsubscribed;
import dev.channels.event.EventsLost;
import dev.channels.event.LifeEvent;
import dev.channels.internal.task.SerialExecutor;
import dev.channels.internal.task.SureExecutor;
import dev.channels.spi.Log;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fires what happens to the node as events of CDI, for the kinds that somebody observes: one after
 * another, on a managed thread.
 */
public final class LifeEvents implements ChannelsListener, ClientListener {

    /** Observers that block for longer than so many events miss those that come then. */
    private static final int MAX_WAITING = 10_000;

    private final BeanManager manager;
    private final Set<Class<?>> observed;
    private final SerialExecutor inOrder;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    /**
     * Makes the source of events.
     *
     * @param manager that of the application
     * @param events knows what is observed
     * @param executor runs the observers
     */
    public LifeEvents(BeanManager manager, ChannelEvents events, SureExecutor executor) {
        this.manager = manager;
        this.observed = events.observedLife();
        this.inOrder = new SerialExecutor(executor, MAX_WAITING);
    }

    /**
     * Tells whether anybody observes who comes and goes.
     *
     * @return false where no client need be told of
     */
    public boolean observeClients() {
        return Stream.of(
                        ClientConnected.class,
                        ClientSubscribed.class,
                        ClientUnsubscribed.class,
                        ClientDisconnected.class)
                .anyMatch(this::isObserved);
    }

    private boolean isObserved(Class<? extends LifeEvent> kind) {
        return observed.contains(kind) || observed.contains(LifeEvent.class);
    }

    @Override
    public void disconnected(@Nullable Throwable cause) {
        fire(new BrokerLost(cause));
    }

    @Override
    public void reconnected() {
        fire(new BrokerBack());
    }

    @Override
    public void gap(String channel) {
        fire(new EventsLost(channel));
    }

    @Override
    public void connected(NamedClient client) {
        fire(new ClientConnected(client.id(), client.door(), client.caller()));
    }

    @Override
    public void subscribed(NamedClient client, String channel) {
        fire(new ClientSubscribed(client.id(), client.door(), client.caller(), channel));
    }

    @Override
    public void unsubscribed(NamedClient client, String channel) {
        fire(new ClientUnsubscribed(client.id(), client.door(), client.caller(), channel));
    }

    @Override
    public void disconnected(NamedClient client, @Nullable Ending why) {
        fire(
                new ClientDisconnected(
                        client.id(),
                        client.door(),
                        client.caller(),
                        why == null || why.equals(Ending.GONE) ? null : why.reason()));
    }

    private void fire(LifeEvent event) {
        if (isObserved(event.getClass()) && !inOrder.offer(() -> notifyObservers(event))) {
            if (missed.getAndIncrement() == 0) {
                Log.warn(
                        ErrorCode.APPLICATION_CODE_FAILED,
                        "The observers of life events are "
                                + MAX_WAITING
                                + " events behind and miss what comes now. Find what blocks one.",
                        null);
            }
        }
    }

    /** On this thread, which has the context of the application: so they stay in order. */
    private void notifyObservers(LifeEvent event) {
        var unused =
                manager.getEvent()
                        .select(LifeEvent.class)
                        .fireAsync(event, NotificationOptions.ofExecutor(Runnable::run))
                        .exceptionally(
                                failure -> {
                                    tell(event, failure);
                                    return event;
                                });
    }

    /** Once: an observer that throws is likely to do so at each event. */
    private void tell(LifeEvent event, Throwable failure) {
        if (failures.getAndIncrement() == 0) {
            Log.warn(
                    ErrorCode.APPLICATION_CODE_FAILED,
                    "An observer of "
                            + event.getClass().getSimpleName()
                            + " threw; the others are told. Further ones are not logged.",
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        }
    }
}
