package dev.channels.transaction;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a server with JTA. The registry that was found at boot is the same on every
 * thread, also on those without a context.
 *
 * <p>Each transaction gets one synchronization: WildFly calls several in reverse order. It is found
 * again under this object, so that the events of two applications in one transaction stay apart.
 */
final class JtaTransactions implements Transactions {

    private final TransactionSynchronizationRegistry registry;
    private final @Nullable Writer writer;

    JtaTransactions(TransactionSynchronizationRegistry registry) {
        this(registry, null);
    }

    private JtaTransactions(TransactionSynchronizationRegistry registry, @Nullable Writer writer) {
        this.registry = registry;
        this.writer = writer;
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

    @Override
    public Transactions writtenBy(Writer newWriter) {
        return new JtaTransactions(registry, newWriter);
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
        CommitQueue queue = new CommitQueue(writer, registry::setRollbackOnly);
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
            case Status.STATUS_ACTIVE -> Standing.INSIDE;
            default -> {
                if (writer != null) {
                    throw tooLate("it is past its last write", null);
                }
                yield Standing.INSIDE;
            }
        };
    }

    /** Its time may have been over since its status was read. */
    private Standing refused(IllegalStateException why) {
        Standing standing = standing();
        if (standing == Standing.INSIDE) {
            throw tooLate(why.toString(), why);
        }
        return standing;
    }

    private static ChannelsException tooLate(String why, @Nullable Throwable cause) {
        return new ChannelsException(
                ErrorCode.PUBLISH_FAILED,
                "The transaction is about to end and takes no more events ("
                        + why
                        + "). Publish before its commit begins, or by atOnce().",
                cause);
    }
}
