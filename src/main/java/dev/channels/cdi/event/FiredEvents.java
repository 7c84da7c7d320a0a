package dev.channels.cdi.event;

import dev.channels.ChannelsPlugin;
import dev.channels.EventPublisher;
import dev.channels.event.ToChannel;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes what the application fires with {@link ToChannel}. */
final class FiredEvents {

    private final List<InjectionPoint> injected = new CopyOnWriteArrayList<>();
    private final Map<String, ChannelName> names = new ConcurrentHashMap<>();

    /** Takes the place of an {@code Event} that is injected with the qualifier. */
    void see(InjectionPoint point) {
        if (channelOf(point.getQualifiers()) != null) {
            injected.add(point);
        }
    }

    /** Adds the observers; nobody but them is asked when something else is fired. */
    void addObservers(AfterBeanDiscovery discovery, Supplier<ChannelsPlugin> plugin) {
        for (boolean async : new boolean[] {false, true}) {
            discovery.addObserverMethod(
                    new PublishingObserver(context -> publish(context, plugin.get()), async));
        }
    }

    private void publish(EventContext<Object> context, ChannelsPlugin plugin) {
        ToChannel channel = channelOf(context.getMetadata().getQualifiers());
        if (channel == null) {
            return;
        }
        EventPublisher publisher = channel.afterCommit() ? plugin.afterCommit() : plugin;
        Object fired = context.getEvent();
        publisher.publish(
                fired, names.computeIfAbsent(channel.value(), ChannelName::new).of(fired));
    }

    private static @Nullable ToChannel channelOf(Collection<Annotation> qualifiers) {
        for (Annotation qualifier : qualifiers) {
            if (qualifier instanceof ToChannel channel) {
                return channel;
            }
        }
        return null;
    }

    /** Reports what cannot work wherever it is injected. */
    void check(DeclaredChannel declared, WrongPlaces wrong) {
        for (InjectionPoint point : injected) {
            ToChannel channel = channelOf(point.getQualifiers());
            if (channel != null) {
                check(point, channel, declared, wrong);
            }
        }
    }

    private static void check(
            InjectionPoint point, ToChannel channel, DeclaredChannel declared, WrongPlaces wrong) {
        String what = "@ToChannel(\"" + channel.value() + "\")";
        String place =
                point.getMember().getDeclaringClass().getName() + "." + point.getMember().getName();
        ChannelName name = new ChannelName(channel.value());
        if (name.isFixed()) {
            String problem = declared.problemWith(channel.value());
            if (problem != null) {
                wrong.add(place, what, problem);
            }
            return;
        }
        Class<?> fired = firedBy(point.getType());
        if (fired == null) {
            return;
        }
        String missing = name.missingIn(fired);
        if (missing != null) {
            wrong.add(
                    place,
                    what,
                    fired.getName()
                            + " has no property '"
                            + missing
                            + "'. Give it a public method "
                            + missing
                            + "(), or a getter, or write another name.");
        }
    }

    /** A subclass may have what an interface, or a class that can be extended, has not. */
    private static @Nullable Class<?> firedBy(Type injected) {
        return injected instanceof ParameterizedType event
                        && event.getRawType() == Event.class
                        && event.getActualTypeArguments()[0] instanceof Class<?> type
                        && Modifier.isFinal(type.getModifiers())
                ? type
                : null;
    }
}
