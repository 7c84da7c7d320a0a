package dev.channels.internal.publish;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.util.concurrent.atomic.AtomicBoolean;

/** No transactions at all. Says so once: whoever waits for a commit had better know. */
public final class NoTransactions implements Transactions {

    private final AtomicBoolean told = new AtomicBoolean();

    /** Has told nobody yet. */
    public NoTransactions() {}

    @Override
    public Standing join(Waiting publish) {
        if (told.compareAndSet(false, true)) {
            Log.warn(
                    ErrorCode.NO_TRANSACTIONS,
                    "Events are published after the commit of a transaction, but there are no JTA"
                            + " transactions here (no java:comp/TransactionSynchronizationRegistry"
                            + " in JNDI), so they go out at once. Enable JTA, or publish when your"
                            + " own transaction has committed.",
                    null);
        }
        return Standing.OUTSIDE;
    }

    @Override
    public Transactions writtenBy(Writer writer) {
        return this;
    }
}
