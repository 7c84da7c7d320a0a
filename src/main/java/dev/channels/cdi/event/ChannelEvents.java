package dev.channels.cdi.event;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Start;
import dev.channels.event.LifeEvent;
import dev.channels.internal.task.Tracing;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The events of CDI that are events of channels, in one application. */
public final class ChannelEvents {

    private final FiredEvents fired = new FiredEvents();
    private final List<ChannelObserver> observers = new CopyOnWriteArrayList<>();
    private final Set<Class<?>> life = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean subscribed = new AtomicBoolean();

    /** Knows of none yet. */
    public ChannelEvents() {}

    /**
     * Takes a place where something is injected.
     *
     * @param point the place
     */
    public void see(InjectionPoint point) {
        fired.see(point);
    }

    /**
     * Takes an observer method.
     *
     * @param method the observer
     * @param annotated as it is written
     */
    public void see(ObserverMethod<?> method, AnnotatedMethod<?> annotated) {
        ChannelObserver observer = ChannelObserver.of(method, annotated);
        if (observer != null) {
            observers.add(observer);
        } else if (method.isAsync()
                && method.getObservedType() instanceof Class<?> type
                && LifeEvent.class.isAssignableFrom(type)) {
            life.add(type);
        }
    }

    /** Returns which kinds of life events are observed. */
    Set<Class<?>> observedLife() {
        return Set.copyOf(life);
    }

    /**
     * Has what is fired to a channel published.
     *
     * @param discovery takes the observers
     * @param plugin publishes
     */
    public void addObservers(AfterBeanDiscovery discovery, Supplier<ChannelsPlugin> plugin) {
        fired.addObservers(discovery, plugin);
    }

    /**
     * Fails if anything cannot work.
     *
     * @param names the declared channels
     * @param arbitraryAllowed whether any other may be named
     * @throws ChannelsException {@link ErrorCode#WRONG_OBSERVER} with each place, and its remedy
     */
    public void check(Set<String> names, boolean arbitraryAllowed) {
        WrongPlaces wrong = new WrongPlaces();
        DeclaredChannel declared = new DeclaredChannel(names, arbitraryAllowed);
        fired.check(declared, wrong);
        observers.forEach(observer -> observer.check(declared, wrong));
        wrong.throwIfAny();
    }

    /**
     * Subscribes the observers, once. Their subscriptions end with the plugin.
     *
     * @param plugin is running
     * @param manager that of the application
     * @param executor runs the observers, with the context of the application
     * @param decoder makes of an event what a parameter takes
     * @param tracing returns who follows events
     */
    public void subscribe(
            ChannelsPlugin plugin,
            BeanManager manager,
            Executor executor,
            BiFunction<ChannelEvent, Type, Object> decoder,
            Supplier<Tracing> tracing) {
        if (!subscribed.compareAndSet(false, true)) {
            return;
        }
        for (ChannelObserver observer : observers) {
            RequestContextController requests =
                    manager.createInstance().select(RequestContextController.class).get();
            plugin.startSubscription(
                    List.of(observer.channel().value()),
                    Start.last(observer.channel().history()),
                    new ObserverSender(observer, decoder, executor, requests, tracing));
        }
    }
}
