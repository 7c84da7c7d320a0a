package dev.channels.backend.postgresql.connection;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * The driver of pgjdbc, loaded by name: nothing of it is loaded before the backend is chosen, and
 * its annotations, which are not on every class path, bother no compiler.
 */
public final class PgjdbcDriver {

    private static final String NAME = "org.postgresql.Driver";

    private PgjdbcDriver() {}

    public static boolean isPresent(ClassLoader loader) {
        try {
            Class.forName(NAME, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    public static Driver load() throws SQLException {
        try {
            ClassLoader loader = PgjdbcDriver.class.getClassLoader();
            return Class.forName(NAME, true, loader)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new SQLException("PostgreSQL's JDBC driver cannot be loaded", "08001", e);
        }
    }

    /**
     * Lets go of a driver that came in the same application as this library: loading it has
     * registered it with {@link DriverManager}, which would keep the application's class loader
     * after its end.
     */
    public static void release() {
        ClassLoader own = PgjdbcDriver.class.getClassLoader();
        if (own == ClassLoader.getSystemClassLoader()) {
            return;
        }
        DriverManager.drivers()
                .filter(driver -> driver.getClass().getName().equals(NAME))
                .filter(driver -> driver.getClass().getClassLoader() == own)
                .forEach(PgjdbcDriver::deregister);
    }

    private static void deregister(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException | SecurityException e) {
            // It stays registered: a leak, but no failure.
        }
    }
}
