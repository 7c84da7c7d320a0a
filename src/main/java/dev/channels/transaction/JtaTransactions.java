package dev.channels.transaction;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * The transactions of a server with JTA. The registry that was found at boot is the same on every
 * thread, also on those without a context.
 *
 * <p>Each transaction gets one synchronization: WildFly calls several in reverse order. It is found
 * again under this object, so that the events of two applications in one transaction stay apart.
 */
final class JtaTransactions implements Transactions {

    private final TransactionSynchronizationRegistry registry;

    JtaTransactions(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Returns the transactions behind what was found in JNDI.
     *
     * @throws ClassCastException if it is something else
     */
    static Transactions of(Object found) {
        return new JtaTransactions((TransactionSynchronizationRegistry) found);
    }

    @Override
    public Standing join(Waiting publish) {
        Standing standing = standing();
        if (standing != Standing.INSIDE) {
            return standing;
        }
        CommitQueue queue;
        try {
            queue = queue();
        } catch (IllegalStateException e) {
            return refused(e);
        }
        return queue.add(publish);
    }

    /**
     * Returns the queue of the transaction, registered with it.
     *
     * @throws IllegalStateException if the transaction has ended meanwhile: each of the three calls
     *     may say so, since the server ends it on another thread when its time is over
     */
    private CommitQueue queue() {
        CommitQueue known = (CommitQueue) registry.getResource(this);
        if (known != null) {
            return known;
        }
        CommitQueue queue = new CommitQueue();
        registry.registerInterposedSynchronization(queue);
        registry.putResource(this, queue);
        return queue;
    }

    /**
     * One that is marked for rollback would never tell its outcome on WildFly. One whose time is
     * over keeps its thread there, rolled back.
     */
    private Standing standing() {
        return switch (registry.getTransactionStatus()) {
            case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED -> Standing.OUTSIDE;
            case Status.STATUS_MARKED_ROLLBACK,
                    Status.STATUS_ROLLING_BACK,
                    Status.STATUS_ROLLEDBACK ->
                    Standing.ROLLED_BACK;
            default -> Standing.INSIDE;
        };
    }

    /** Its time may have been over since its status was read. */
    private Standing refused(IllegalStateException why) {
        Standing standing = standing();
        if (standing == Standing.INSIDE) {
            throw new ChannelsException(
                    ErrorCode.PUBLISH_FAILED,
                    "The transaction is about to end and takes no more events ("
                            + why
                            + "). Publish before its commit begins, or by atOnce().",
                    why);
        }
        return standing;
    }
}
