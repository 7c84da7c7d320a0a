package dev.channels.internal.task;

import org.jspecify.annotations.Nullable;

/** Jobs in the order in which they became ready, linked through themselves. Not thread-safe. */
final class JobQueue {

    private @Nullable PoolJob first;
    private @Nullable PoolJob last;
    private int size;

    void add(PoolJob job) {
        if (last == null) {
            first = job;
        } else {
            last.next = job;
        }
        last = job;
        size++;
    }

    /** Puts a job before the others. */
    void addFirst(PoolJob job) {
        job.next = first;
        first = job;
        if (last == null) {
            last = job;
        }
        size++;
    }

    /** Moves all jobs of another queue behind the ones here. */
    void addAll(JobQueue others) {
        PoolJob next = others.first;
        if (next == null) {
            return;
        }
        if (last == null) {
            first = next;
        } else {
            last.next = next;
        }
        last = others.last;
        size += others.size;
        others.first = null;
        others.last = null;
        others.size = 0;
    }

    @Nullable PoolJob poll() {
        PoolJob polled = first;
        if (polled != null) {
            first = polled.next;
            polled.next = null;
            size--;
            if (first == null) {
                last = null;
            }
        }
        return polled;
    }

    int size() {
        return size;
    }
}
