package dev.channels.backend.postgresql.connection;

/** A thread of this backend's own, which keeps neither a JVM nor an application alive. */
public final class DaemonThread {

    private DaemonThread() {}

    /**
     * Makes a thread that has not begun.
     *
     * @param name what it does; follows the backend's name
     * @param task what to do
     */
    public static Thread thread(String name, Runnable task) {
        // The maker's class loader and thread locals may belong to another application.
        Thread thread = new Thread(null, task, "channels-postgresql-" + name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThread.class.getClassLoader());
        return thread;
    }
}
