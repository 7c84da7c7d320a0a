package dev.channels.transaction;

import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.Log;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds the transactions of the container. Names no type of JTA, which may be missing. */
public final class ContainerTransactions {

    /** Jakarta Transactions 2.0, section 4; the same object on every thread of an application. */
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    private static final String USER_TRANSACTION = "java:comp/UserTransaction";

    private ContainerTransactions() {}

    /**
     * Looks the registry of synchronizations up; to be called on a thread of the container.
     *
     * @return the transactions, or empty where there are none
     */
    // A name of the platform's own, in the application's own name space.
    @SuppressWarnings("BanJNDI")
    public static Optional<Transactions> find() {
        try {
            return Optional.of(JtaTransactions.of(new InitialContext().lookup(REGISTRY)));
        } catch (NamingException | RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.NO_TRANSACTIONS, () -> "There is no " + REGISTRY, e);
            return Optional.empty();
        }
    }

    /**
     * Does something in a transaction of its own, which is rolled back; to be called on a thread of
     * the container.
     *
     * @param task what to do; what it throws is thrown
     * @return false if no transaction can be begun here, the task not being done then
     */
    @SuppressWarnings("BanJNDI")
    public static boolean tryOut(Runnable task) {
        Object found;
        try {
            found = new InitialContext().lookup(USER_TRANSACTION);
        } catch (NamingException | RuntimeException | LinkageError e) {
            Log.detail(ErrorCode.NO_TRANSACTIONS, () -> "There is no " + USER_TRANSACTION, e);
            return false;
        }
        return TrialTransaction.run(found, task);
    }
}
