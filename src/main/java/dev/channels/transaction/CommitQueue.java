package dev.channels.transaction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions.Standing;
import dev.channels.internal.publish.Transactions.Waiting;
import dev.channels.spi.Log;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for the outcome of one transaction. Where its time is over, the outcome comes on a
 * thread of the server without any context, while the application still publishes.
 *
 * <pre>
 *   INSIDE ──── committed ──▶ OUTSIDE        add() answers with the state
 *      └────── anything else ▶ ROLLED_BACK
 * </pre>
 */
final class CommitQueue implements Synchronization {

    private final Object lock = new Object();

    @GuardedBy("lock")
    private List<Waiting> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private Standing standing = Standing.INSIDE;

    /** Lets a publish wait, if the transaction is not over. */
    Standing add(Waiting publish) {
        synchronized (lock) {
            if (standing == Standing.INSIDE) {
                waiting.add(publish);
            }
            return standing;
        }
    }

    @Override
    public void beforeCompletion() {}

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
