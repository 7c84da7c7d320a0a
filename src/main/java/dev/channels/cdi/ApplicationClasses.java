package dev.channels.cdi;

import dev.channels.Backlog;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.config.Keys;
import dev.channels.config.Values;
import dev.channels.spi.Key;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Loads the classes of the application that the configuration names. */
final class ApplicationClasses {

    private final Values values;

    /**
     * Makes a loader.
     *
     * @param values takes the problems
     */
    ApplicationClasses(Values values) {
        this.values = values;
    }

    /** Loads a class; null if there is a problem, which is reported. */
    @Nullable Class<?> load(Key<?> key, String name) {
        return load(key.name(), name);
    }

    /** Loads a class that any key names; null if there is a problem, which is reported. */
    @Nullable Class<?> load(String key, String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(
                    name,
                    true,
                    loader != null ? loader : ApplicationClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            values.problem(
                    key,
                    name,
                    "the class cannot be loaded (" + e + ")",
                    "Write the full name of a class of the application.");
            return null;
        }
    }

    /** Loads the subscriber class; returns what makes a subscriber on its backlog. */
    Function<Backlog, Subscriber> subscriberClass(String name) {
        if (name.equals(Keys.SUBSCRIBER_CLASS.defaultValue())) {
            return Subscriber::new;
        }
        Class<?> loaded = load(Keys.SUBSCRIBER_CLASS, name);
        if (loaded == null) {
            return Subscriber::new;
        }
        String unsuitable = null;
        if (!Subscriber.class.isAssignableFrom(loaded)) {
            unsuitable = "it does not extend " + Subscriber.class.getName();
        } else if (Modifier.isAbstract(loaded.getModifiers())) {
            unsuitable = "it is abstract";
        } else {
            try {
                MethodHandle constructor =
                        MethodHandles.publicLookup()
                                .findConstructor(
                                        loaded, MethodType.methodType(void.class, Backlog.class))
                                .asType(MethodType.methodType(Subscriber.class, Backlog.class));
                return backlog -> make(constructor, backlog);
            } catch (NoSuchMethodException | IllegalAccessException e) {
                unsuitable = "it has no public constructor that takes a " + Backlog.class.getName();
            }
        }
        values.problem(
                Keys.SUBSCRIBER_CLASS,
                name,
                "the class is unsuitable: " + unsuitable,
                "Name a public class with such a constructor that extends dev.channels.Subscriber.");
        return Subscriber::new;
    }

    private static Subscriber make(MethodHandle constructor, Backlog backlog) {
        try {
            return (Subscriber) constructor.invokeExact(backlog);
        } catch (Throwable e) {
            throw new ChannelsException(
                    ErrorCode.SUBSCRIBER_CLASS,
                    "The class in channels.subscriber-class could not make a subscriber: " + e,
                    e);
        }
    }
}
