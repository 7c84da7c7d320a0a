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
}
