package dev.channels.backend.memory;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after another, without a lock that is held meanwhile: who comes while a task is at
 * work leaves his to that thread. Safe for use by any thread.
 *
 * <pre>
 *   FREE (0) ── a task comes: its thread runs it ──▶ BUSY (n tasks, the running one among them)
 *     ▲                                                 │  ▲ │
 *     └────────────── the last one is done ─────────────┘  └─┘ a task comes, or is done
 * </pre>
 */
final class Trampoline {

    private final AtomicInteger tasks = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Runs a task now, or leaves it to who is at work.
     *
     * @param task does not throw
     */
    void run(Runnable task) {
        if (tasks.compareAndSet(0, 1)) {
            task.run();
        } else {
            waiting.add(task);
            if (tasks.getAndIncrement() != 0) {
                return;
            }
            runNext();
        }
        while (tasks.decrementAndGet() != 0) {
            runNext();
        }
    }

    /** A task is there whenever the count says so: it is added before it is counted. */
    private void runNext() {
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
    }
}
