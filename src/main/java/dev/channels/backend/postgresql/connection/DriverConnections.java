package dev.channels.backend.postgresql.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * Opens connections with pgjdbc.
 *
 * <p>What the URL does not say is set so that no answer is waited for in vain: {@code
 * connectTimeout} and {@code socketTimeout} bound the waiting for a server that is silent, and with
 * several hosts only the primary is taken. {@code logServerErrorDetail} is off because the server
 * repeats the failing row, hence payloads, which would be in messages and logs (pgJDBC manual,
 * "Connection Parameters").
 */
public final class DriverConnections implements Connections {

    private final JdbcUrl url;
    private final Properties credentials;
    private final String timeoutSeconds;

    public DriverConnections(JdbcUrl url, Properties credentials, Duration timeout) {
        this.url = url;
        this.credentials = credentials;
        this.timeoutSeconds = Long.toString(Math.max(1, (timeout.toMillis() + 999) / 1_000));
    }

    @Override
    public Connection open() throws SQLException {
        Properties properties = url.secrets();
        credentials.forEach(properties::put);
        preset(properties, "ApplicationName", "channels-ee");
        preset(properties, "connectTimeout", timeoutSeconds);
        preset(properties, "socketTimeout", timeoutSeconds);
        preset(properties, "logServerErrorDetail", "false");
        preset(properties, "tcpKeepAlive", "true");
        preset(properties, "targetServerType", "primary");
        Connection connection = PgjdbcDriver.load().connect(url.text(), properties);
        if (connection == null) {
            throw new SQLException("pgjdbc does not understand the URL", "08001");
        }
        return connection;
    }

    private void preset(Properties properties, String name, String value) {
        if (!url.sets(name)) {
            properties.setProperty(name, value);
        }
    }

    @Override
    public boolean pooled() {
        return false;
    }
}
