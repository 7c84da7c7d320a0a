package dev.channels.it.redeploy;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The class loaders of the applications there were, weakly held, where every application of the
 * server can see them: in the system properties, with classes of the JDK only.
 */
final class Loaders {

    private static final String KEY = "dev.channels.it.loaders";

    private Loaders() {}

    @SuppressWarnings("unchecked")
    private static List<WeakReference<ClassLoader>> all() {
        return (List<WeakReference<ClassLoader>>)
                System.getProperties().computeIfAbsent(KEY, key -> new CopyOnWriteArrayList<>());
    }

    static void note(ClassLoader loader) {
        all().add(new WeakReference<>(loader));
    }

    /** Returns how many there have been. */
    static int count() {
        return all().size();
    }

    /** Returns those that were not collected. */
    static List<ClassLoader> alive() {
        return all().stream().map(WeakReference::get).filter(Objects::nonNull).toList();
    }
}
