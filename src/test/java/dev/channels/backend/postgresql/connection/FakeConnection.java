package dev.channels.backend.postgresql.connection;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A connection that notes what is done with it, and those that open such ones. */
public final class FakeConnection {

    /** Opens fakes, one after another. */
    public static final class Opening implements Connections {

        private final List<FakeConnection> opened = new CopyOnWriteArrayList<>();
        private final boolean pooled;

        public Opening(boolean pooled) {
            this.pooled = pooled;
        }

        @Override
        public Connection open() {
            FakeConnection fake = new FakeConnection();
            opened.add(fake);
            return fake.connection();
        }

        @Override
        public boolean pooled() {
            return pooled;
        }

        public List<FakeConnection> opened() {
            return opened;
        }
    }

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch aborting = new CountDownLatch(1);
    private volatile RuntimeException atClose;

    /** What was called, other than by questions. */
    public List<String> calls() {
        return new ArrayList<>(calls);
    }

    /** Lets the next close throw. */
    public void failAtClose(RuntimeException failure) {
        atClose = failure;
    }

    /** Waits for the abort to begin. */
    public void awaitAbort() {
        try {
            aborting.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Connection connection() {
        return (Connection)
                Proxy.newProxyInstance(
                        FakeConnection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> call(method.getName()));
    }

    private Object call(String name) {
        switch (name) {
            case "isValid":
                return true;
            case "getNetworkTimeout":
                return 0;
            case "abort":
                aborting.countDown();
                calls.add(name);
                return null;
            case "close":
                calls.add(name);
                RuntimeException failure = atClose;
                if (failure != null) {
                    throw failure;
                }
                return null;
            default:
                return null;
        }
    }
}
