package dev.channels.cdi.event;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Start;
import dev.channels.event.LifeEvent;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.DeclaredNames;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** The events of CDI that are events of channels, in one application. */
public final class ChannelEvents {

    private final FiredEvents fired = new FiredEvents();
    private final List<ChannelObserver> observers = new CopyOnWriteArrayList<>();

    /** Where each observer begins. */
    private final Map<ChannelObserver, Start> starts = new ConcurrentHashMap<>();

    private final Set<Class<?>> life = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final List<OnceReader> readers = new CopyOnWriteArrayList<>();

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
     * @param backendName the value of {@code channels.backend}
     * @param backend the backend
     * @param properties returns what the configuration has of a property
     * @throws ChannelsException {@link ErrorCode#WRONG_OBSERVER} with each place, and its remedy
     */
    public void check(
            Set<String> names,
            boolean arbitraryAllowed,
            String backendName,
            ChannelsBackend backend,
            Function<String, ConfigValue> properties) {
        WrongPlaces wrong = new WrongPlaces();
        DeclaredChannel declared = new DeclaredChannel(names, arbitraryAllowed);
        WrittenStart start = new WrittenStart(properties);
        fired.check(declared, wrong);
        ObservedBackend observed = ObservedBackend.of(backendName, backend);
        observers.forEach(observer -> observer.check(declared, observed, start, wrong));
        wrong.throwIfAny();
        observers.forEach(observer -> starts.put(observer, start.of(observer.channel())));
    }

    /**
     * What observers are called by.
     *
     * @param plugin is running
     * @param manager that of the application
     * @param executor runs the observers, with the context of the application
     * @param scheduler runs short tasks later
     * @param decoder makes of an event what a parameter takes
     * @param tracing returns who follows events
     * @param leases those of the backend, or null
     * @param discovery that of the backend, or null
     * @param hasHistory whether the backend keeps one
     */
    public record Means(
            ChannelsPlugin plugin,
            BeanManager manager,
            Executor executor,
            ScheduledExecutorService scheduler,
            BiFunction<ChannelEvent, Type, Object> decoder,
            Supplier<Tracing> tracing,
            @Nullable ChannelLeases leases,
            @Nullable ChannelDiscovery discovery,
            boolean hasHistory) {}

    /**
     * Subscribes the observers, once. Their subscriptions end with the plugin.
     *
     * @param means what they are called by
     */
    public void subscribe(Means means) {
        if (!subscribed.compareAndSet(false, true)) {
            return;
        }
        String holder = UUID.randomUUID().toString();
        for (ChannelObserver observer : observers) {
            ChannelLeases leases = means.leases();
            ChannelDiscovery discovery = means.discovery();
            if (observer.isFamily() && discovery != null) {
                new FamilyReader(
                                DeclaredNames.prefixOf(observer.channel().value()),
                                FamilyState.Bounds.STANDARD,
                                sender(observer, means),
                                System::nanoTime)
                        .start(means.plugin(), discovery);
            } else if (observer.channel().once() && leases != null) {
                OnceReader reader = reader(observer, means, leases, holder);
                readers.add(reader);
                reader.start();
            } else {
                means.plugin()
                        .startSubscription(
                                List.of(observer.channel().value()),
                                Objects.requireNonNull(starts.get(observer), "not checked"),
                                sender(observer, means));
            }
        }
    }

    private static OnceReader reader(
            ChannelObserver observer, Means means, ChannelLeases leases, String holder) {
        return new OnceReader(
                new OnceReader.Means(
                        means.plugin(),
                        leases,
                        means.hasHistory(),
                        means.executor(),
                        means.scheduler(),
                        System::nanoTime,
                        holder),
                observer.lease(),
                observer.channel().value(),
                observer.channel().history(),
                () -> sender(observer, means));
    }

    private static ObserverSender sender(ChannelObserver observer, Means means) {
        return new ObserverSender(
                observer,
                means.decoder(),
                means.executor(),
                means.manager().createInstance().select(RequestContextController.class).get(),
                means.tracing());
    }

    /** Asks for no lease any more; to be called when the plugin has stopped. */
    public void close() {
        readers.forEach(OnceReader::close);
    }
}
