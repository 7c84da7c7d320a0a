package dev.channels.cdi.event;

import dev.channels.event.FromChannel;
import dev.channels.spi.DeclaredNames;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedParameter;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * An observer method of the application that observes a channel.
 *
 * @param method what is called
 * @param annotated as it is written
 * @param channel which channel, and from where on
 */
record ChannelObserver(
        ObserverMethod<?> method, AnnotatedMethod<?> annotated, FromChannel channel) {

    /** Returns the observer; null if it observes something else. */
    static @Nullable ChannelObserver of(ObserverMethod<?> method, AnnotatedMethod<?> annotated) {
        for (Annotation qualifier : method.getObservedQualifiers()) {
            if (qualifier instanceof FromChannel channel) {
                return new ChannelObserver(method, annotated, channel);
            }
        }
        return null;
    }

    Type type() {
        return method.getObservedType();
    }

    String place() {
        return annotated.getJavaMember().getDeclaringClass().getName()
                + "."
                + annotated.getJavaMember().getName();
    }

    /** Returns what names its lease: the same on all nodes, and from start to start. */
    String lease() {
        return channel.value() + " " + place() + "(" + type().getTypeName() + ")";
    }

    /**
     * Reports what cannot work.
     *
     * @param backend what it can do
     * @param start what its place to begin is read with
     */
    void check(
            DeclaredChannel declared,
            ObservedBackend backend,
            WrittenStart start,
            WrongPlaces wrong) {
        String what = "@FromChannel(\"" + channel.value() + "\")";
        String name = channel.value();
        String problem =
                isFamily() ? problemWithFamily(declared, backend) : declared.problemWith(name);
        if (problem == null) {
            problem = problemWithMethod();
        }
        if (problem == null) {
            problem = start.problemWith(channel, backend);
        }
        if (problem == null && channel.once() && !backend.leases()) {
            problem =
                    "the backend "
                            + backend.name()
                            + " cannot let one node only have an event. Leave 'once' out, or set"
                            + " channels.backend to one that can: redis-streams or postgresql, or"
                            + " memory for one node.";
        }
        if (problem != null) {
            wrong.add(place(), what, problem);
        }
    }

    /** Tells whether it observes a family of channels. */
    boolean isFamily() {
        return DeclaredNames.isFamily(channel.value());
    }

    private @Nullable String problemWithFamily(DeclaredChannel declared, ObservedBackend backend) {
        if (channel.once() || channel.history() != 0 || !channel.start().isEmpty()) {
            return "of a family each node has the events from now on. Leave 'once', 'history' and"
                    + " 'start' out, or observe each of its channels.";
        }
        if (!backend.discovery()) {
            return "the backend "
                    + backend.name()
                    + " does not tell which channels there are. Observe each of them, or set"
                    + " channels.backend to one that does: postgresql, or memory for one node.";
        }
        return declared.problemWithFamily(channel.value());
    }

    private @Nullable String problemWithMethod() {
        if (method.getTransactionPhase() != TransactionPhase.IN_PROGRESS) {
            return "an event of a channel comes in no transaction. Leave 'during' out.";
        }
        for (Annotation qualifier : method.getObservedQualifiers()) {
            if (!(qualifier instanceof FromChannel) && !(qualifier instanceof Any)) {
                return "an event of a channel has no qualifier "
                        + qualifier
                        + ". Leave that one out.";
            }
        }
        if (!(type() instanceof Class<?>) && !(type() instanceof ParameterizedType)) {
            return "nothing can be made of the type "
                    + type().getTypeName()
                    + ". Write a class, String, byte[] or ChannelEvent.";
        }
        for (AnnotatedParameter<?> parameter : annotated.getParameters()) {
            if (parameter.getBaseType() == EventMetadata.class) {
                return "there is no EventMetadata. Observe a ChannelEvent, which has the channel,"
                        + " the position and the headers.";
            }
        }
        return null;
    }
}
