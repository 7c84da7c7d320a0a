package dev.channels.transaction;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One transaction at a time, whose status the test sets. */
final class FakeRegistry implements TransactionSynchronizationRegistry {

    final List<Synchronization> synchronizations = new ArrayList<>();
    final Map<Object, Object> resources = new HashMap<>();
    int status = Status.STATUS_ACTIVE;

    boolean markedForRollback;

    /** What the status is once somebody tried to register; such a call is refused. */
    Integer statusOnRegister;

    /** The same for a look at the resources. */
    Integer statusOnGet;

    /** The same for a new resource. */
    Integer statusOnPut;

    private void endMeanwhile(Integer newStatus) {
        if (newStatus != null) {
            status = newStatus;
            throw new IllegalStateException("too late");
        }
    }

    void end(int outcome) {
        status = outcome;
        synchronizations.forEach(it -> it.afterCompletion(outcome));
    }

    @Override
    public int getTransactionStatus() {
        return status;
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        endMeanwhile(statusOnRegister);
        synchronizations.add(synchronization);
    }

    @Override
    public Object getResource(Object key) {
        endMeanwhile(statusOnGet);
        return resources.get(key);
    }

    @Override
    public void putResource(Object key, Object value) {
        endMeanwhile(statusOnPut);
        resources.put(key, value);
    }

    @Override
    public Object getTransactionKey() {
        throw new AssertionError("not called");
    }

    /** Ends the transaction as a server does that is asked to commit. */
    void commit() {
        try {
            synchronizations.forEach(Synchronization::beforeCompletion);
        } finally {
            end(markedForRollback ? Status.STATUS_ROLLEDBACK : Status.STATUS_COMMITTED);
        }
    }

    @Override
    public void setRollbackOnly() {
        markedForRollback = true;
    }

    @Override
    public boolean getRollbackOnly() {
        throw new AssertionError("not called");
    }
}
