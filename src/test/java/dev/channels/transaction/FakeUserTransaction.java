package dev.channels.transaction;

import jakarta.transaction.NotSupportedException;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.util.ArrayList;
import java.util.List;

/** Notes what it is asked to do. */
final class FakeUserTransaction implements UserTransaction {

    final List<String> calls = new ArrayList<>();
    boolean refusing;

    @Override
    public void begin() throws NotSupportedException {
        if (refusing) {
            throw new NotSupportedException("there is one already");
        }
        calls.add("begin");
    }

    @Override
    public void rollback() {
        calls.add("rollback");
    }

    @Override
    public void commit() {
        throw new AssertionError("not called");
    }

    @Override
    public void setRollbackOnly() {
        throw new AssertionError("not called");
    }

    @Override
    public int getStatus() {
        return Status.STATUS_ACTIVE;
    }

    @Override
    public void setTransactionTimeout(int seconds) {
        throw new AssertionError("not called");
    }
}
