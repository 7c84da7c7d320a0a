package dev.channels.server;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A class loader that remembers where service files are, and leaves all else to the application's.
 * The files of a deployed application do not change, so it answers as its parent would, only at
 * once.
 */
final class ServiceCache extends ClassLoader {

    private static final String SERVICES = "META-INF/services/";

    private final Map<String, List<URL>> known = new ConcurrentHashMap<>();

    /**
     * Makes a class loader that remembers nothing yet.
     *
     * @param application the class loader of the application
     */
    ServiceCache(ClassLoader application) {
        super(application);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        if (!name.startsWith(SERVICES)) {
            return super.getResources(name);
        }
        List<URL> urls = known.get(name);
        if (urls == null) {
            urls = List.copyOf(Collections.list(super.getResources(name)));
            known.put(name, urls);
        }
        return Collections.enumeration(urls);
    }

    /**
     * Does something with this loader as the context class loader of the thread.
     *
     * @param action runs at once
     */
    void around(Runnable action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
