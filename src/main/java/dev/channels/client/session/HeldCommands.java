package dev.channels.client.session;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a client sends while it is decided whether it is let in: one SDK sends commands together
 * with its connect. Used by one task at a time.
 */
final class HeldCommands {

    private final Queue<Runnable> tasks = new ArrayDeque<>(1);
    private final int maxTasks;
    private final long maxSize;
    private long size;

    /**
     * Makes an empty queue.
     *
     * @param maxSize how many characters or bytes the frames of the commands may have
     */
    HeldCommands(int maxTasks, long maxSize) {
        this.maxTasks = maxTasks;
        this.maxSize = maxSize;
    }

    /** Counts a frame; returns false if it is too much. */
    boolean count(int frame) {
        size += frame;
        return size <= maxSize;
    }

    /** Holds a task; returns false if there are too many. */
    boolean add(Runnable task) {
        return tasks.size() < maxTasks && tasks.add(task);
    }

    /** Runs all that were held. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void clear() {
        tasks.clear();
    }
}
