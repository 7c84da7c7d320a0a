package dev.channels.transaction;

import jakarta.transaction.NotSupportedException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;

/** A transaction of its own that commits nothing. */
final class TrialTransaction {

    private TrialTransaction() {}

    /**
     * Does something in a transaction, and rolls it back.
     *
     * @param found what JNDI has as the transaction of the user
     * @param task what to do
     * @return false if no transaction could be begun, the task not being done then
     */
    static boolean run(Object found, Runnable task) {
        UserTransaction transaction = (UserTransaction) found;
        try {
            transaction.begin();
        } catch (NotSupportedException | SystemException e) {
            return false;
        }
        try {
            task.run();
        } finally {
            rollBack(transaction);
        }
        return true;
    }

    private static void rollBack(UserTransaction transaction) {
        try {
            transaction.rollback();
        } catch (SystemException | RuntimeException e) {
            // It has ended already; nothing was written in it.
        }
    }
}
