package dev.channels.transaction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions.Standing;
import dev.channels.internal.publish.Transactions.Waiting;
import dev.channels.internal.publish.Transactions.Writer;
import dev.channels.spi.Log;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the outcome of one transaction. Where its time is over, the outcome comes on a
 * thread of the server without any context, while the application still publishes.
 *
 * <pre>
 *   INSIDE ──── committed ──▶ OUTSIDE        add() answers with the state
 *      └────── anything else ▶ ROLLED_BACK
 * </pre>
 *
 * <p>With a writer, what waits is written when the commit begins, in one go; what other
 * synchronizations publish after that is written at once. What throws there rolls the transaction
 * back.
 */
final class CommitQueue implements Synchronization {

    private final @Nullable Writer writer;
    private final Runnable markForRollback;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private List<Waiting> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private Standing standing = Standing.INSIDE;

    /** Whether the commit has begun, so that nobody writes any more what is added. */
    @GuardedBy("lock")
    private boolean committing;

    /**
     * Makes an empty queue.
     *
     * @param writer writes what waits; null where nothing is written
     * @param markForRollback lets the transaction roll back
     */
    CommitQueue(@Nullable Writer writer, Runnable markForRollback) {
        this.writer = writer;
        this.markForRollback = markForRollback;
    }

    /** Lets a publish wait, if the transaction is not over. */
    Standing add(Waiting publish) {
        boolean late;
        synchronized (lock) {
            if (standing != Standing.INSIDE) {
                return standing;
            }
            waiting.add(publish);
            late = committing;
        }
        if (late) {
            write(List.of(publish));
        }
        return Standing.INSIDE;
    }

    @Override
    public void beforeCompletion() {
        List<Waiting> unwritten;
        synchronized (lock) {
            committing = true;
            unwritten = List.copyOf(waiting);
        }
        if (!unwritten.isEmpty()) {
            write(unwritten);
        }
    }

    /** Not every server lets an exception alone roll back. */
    private void write(List<Waiting> unwritten) {
        if (writer == null) {
            return;
        }
        try {
            writer.write(unwritten);
        } catch (Throwable e) {
            try {
                markForRollback.run();
            } catch (RuntimeException rolledBackAlready) {
                e.addSuppressed(rolledBackAlready);
            }
            throw e;
        }
    }

    @Override
    public void afterCompletion(int status) {
        boolean committed = status == Status.STATUS_COMMITTED;
        List<Waiting> told;
        synchronized (lock) {
            standing = committed ? Standing.OUTSIDE : Standing.ROLLED_BACK;
            told = waiting;
            waiting = List.of();
        }
        for (Waiting publish : told) {
            tell(publish, committed);
        }
    }

    /** Whatever happens here is no matter of the server that commits. */
    private static void tell(Waiting publish, boolean committed) {
        try {
            if (committed) {
                publish.committed();
            } else {
                publish.rolledBack();
            }
        } catch (Throwable e) {
            Log.warn(
                    ErrorCode.PUBLISH_FAILED,
                    "An event was not published after the commit of its transaction",
                    e);
        }
    }
}
