package dev.channels.internal.publish;

import dev.channels.ChannelsException;
import java.util.List;

/** The transactions of the application, for whose commits publishes can wait. */
public interface Transactions {

    /** Where the calling thread stands. */
    enum Standing {
        /** In no transaction, or in one that has committed already. */
        OUTSIDE,
        /** In a transaction, which tells its outcome later. */
        INSIDE,
        /** In a transaction that can only be rolled back, or has been. */
        ROLLED_BACK
    }

    /** What waits for the outcome of a transaction. Its methods neither block nor throw. */
    interface Waiting {

        /** The transaction has committed. Called once, on any thread. */
        void committed();

        /** The transaction has not committed, and never will. Called once, on any thread. */
        void rolledBack();
    }

    /** Writes, by a transaction itself, what waits for its commit. */
    interface Writer {

        /**
         * Writes by the transaction of the calling thread, right before its commit. What is thrown
         * rolls it back.
         *
         * @param publishes what waits and is not written yet, in order, at least one
         */
        void write(List<Waiting> publishes);
    }

    /**
     * Has a publish wait for the outcome of the calling thread's transaction, behind those that
     * wait for it already.
     *
     * @param publish is told of the outcome if, and only if, the answer is {@link Standing#INSIDE}
     * @return where the thread stands
     * @throws ChannelsException if the transaction takes nobody in any more
     */
    Standing join(Waiting publish);

    /**
     * Returns the same transactions, with what waits for a commit there being written by it.
     *
     * @param writer writes it
     * @return the same transactions; what waits elsewhere is not written
     */
    Transactions writtenBy(Writer writer);
}
