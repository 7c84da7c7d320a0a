package dev.channels.backend.postgresql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Hashtable;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A pool under a JNDI name, as plain as can be: it validates nothing, so that it hands out broken
 * connections after an outage, and its connections cannot be unwrapped.
 */
final class JndiPool implements AutoCloseable {

    private static final Map<String, Object> BOUND = new ConcurrentHashMap<>();

    private final String name;
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger borrowed = new AtomicInteger();
    private final AtomicInteger mostBorrowed = new AtomicInteger();

    /** What the calling thread's transaction goes by, as in a container with JTA. */
    private final ThreadLocal<Connection> transaction = new ThreadLocal<>();

    private volatile boolean closed;

    JndiPool(String name, String url) {
        this.name = name;
        source.setUrl(url);
        source.setUser("postgres");
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Factory.class.getName());
        BOUND.put(name, proxy(DataSource.class, (method, arguments) -> borrow()));
    }

    int borrowed() {
        return borrowed.get();
    }

    int mostBorrowed() {
        return mostBorrowed.get();
    }

    /** Makes a session of the application, in no transaction yet. */
    Session session() throws SQLException {
        return new Session(source.getConnection());
    }

    /** A thread's transactions, one after the other; what is borrowed in one belongs to it. */
    final class Session implements AutoCloseable {

        final Connection connection;

        private Session(Connection connection) throws SQLException {
            this.connection = connection;
            connection.setAutoCommit(false);
        }

        void begin() {
            transaction.set(connection);
        }

        void commit() throws SQLException {
            transaction.remove();
            connection.commit();
        }

        void rollback() throws SQLException {
            transaction.remove();
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            transaction.remove();
            connection.close();
        }
    }

    private Object borrow() throws SQLException {
        Connection own = transaction.get();
        if (own != null) {
            return proxy(
                    Connection.class,
                    (method, arguments) ->
                            method.getName().equals("close")
                                    ? null
                                    : method.invoke(own, arguments));
        }
        if (closed) {
            throw new SQLException("The pool is closed", "08003");
        }
        Connection pooled = idle.poll();
        Connection connection = pooled == null ? source.getConnection() : pooled;
        int now = borrowed.incrementAndGet();
        mostBorrowed.accumulateAndGet(now, Math::max);
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    switch (method.getName()) {
                        case "close" -> {
                            borrowed.decrementAndGet();
                            if (!connection.isClosed()) {
                                idle.add(connection);
                            }
                            return null;
                        }
                        case "unwrap" -> throw new SQLException("no");
                        default -> {
                            return method.invoke(connection, arguments);
                        }
                    }
                });
    }

    private interface Call {
        Object invoke(java.lang.reflect.Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        JndiPool.class.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return call.invoke(method, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    @Override
    public void close() {
        closed = true;
        BOUND.remove(name);
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        for (Connection connection : idle) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Broken, and as good as closed.
            }
        }
    }

    /** For JNDI, which makes it by its name. */
    public static final class Factory implements InitialContextFactory {

        /** For JNDI. */
        public Factory() {}

        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) {
            return proxy(
                    Context.class,
                    (method, arguments) -> {
                        Object found =
                                method.getName().equals("lookup") ? find(arguments[0]) : null;
                        if (found == null) {
                            throw new NamingException("no " + arguments[0]);
                        }
                        return found;
                    });
        }

        private static Object find(Object name) {
            return BOUND.get(name.toString());
        }
    }
}
