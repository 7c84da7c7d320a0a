package dev.channels.backend.postgresql;

import dev.channels.backend.postgresql.PostgresqlKeys.InTransaction;
import dev.channels.backend.postgresql.connection.JdbcUrl;
import dev.channels.backend.postgresql.history.ChannelRetention;
import dev.channels.backend.postgresql.history.Retentions;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.Key;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The backend's own keys, read and checked; {@link PostgresqlBackendFactory} describes them.
 *
 * @param url where to publish and to read, or null where a data source does it
 * @param dataSource the JNDI name of what publishes and reads, or null
 * @param listenUrl where to listen, or null: polling is all there is then
 * @param credentials user and password; never printed
 * @param tables the names of the tables
 * @param createTables whether to create them
 * @param retentions how many events to keep per channel, and how long
 * @param pollInterval how long a lost notification can go unnoticed
 * @param connectTimeout how long to wait for a connection, and for an answer
 * @param cleanupInterval how often one of the nodes cleans up
 * @param join whether the application's own transactions publish
 */
record PostgresqlSettings(
        @Nullable JdbcUrl url,
        @Nullable String dataSource,
        @Nullable JdbcUrl listenUrl,
        Properties credentials,
        TableNames tables,
        boolean createTables,
        Retentions retentions,
        Duration pollInterval,
        Duration connectTimeout,
        Duration cleanupInterval,
        boolean join) {

    static PostgresqlSettings of(BackendSettings settings, ChannelRules<BackendSettings> policies) {
        JdbcUrl url = url(settings, PostgresqlKeys.URL);
        JdbcUrl listenUrl = url(settings, PostgresqlKeys.LISTEN_URL);
        String dataSource = settings.find(PostgresqlKeys.DATA_SOURCE).orElse(null);
        boolean hasUrl = settings.find(PostgresqlKeys.URL).isPresent();
        if (!hasUrl && dataSource == null) {
            settings.problem(
                    PostgresqlKeys.URL,
                    "it must be set",
                    "set it to the JDBC URL of the database, or set data-source");
        }
        if (hasUrl && dataSource != null) {
            settings.problem(
                    PostgresqlKeys.DATA_SOURCE,
                    "it is set together with url",
                    "keep one of them; the URL for listening beside a data source is listen-url");
        }
        ChannelRetention standard =
                new ChannelRetention(
                        settings.get(PostgresqlKeys.HISTORY),
                        settings.get(PostgresqlKeys.RETENTION));
        return new PostgresqlSettings(
                url,
                dataSource,
                listenUrl == null && dataSource == null ? url : listenUrl,
                credentials(settings),
                new TableNames(
                        identifier(settings, PostgresqlKeys.SCHEMA),
                        identifier(settings, PostgresqlKeys.TABLE_PREFIX)),
                settings.get(PostgresqlKeys.CREATE_TABLES),
                new Retentions(standard, policies.map(policy -> retention(policy, standard))),
                settings.get(PostgresqlKeys.POLL_INTERVAL),
                settings.get(PostgresqlKeys.CONNECT_TIMEOUT),
                settings.get(PostgresqlKeys.CLEANUP_INTERVAL),
                join(settings, dataSource));
    }

    private static boolean join(BackendSettings settings, @Nullable String dataSource) {
        boolean join = settings.get(PostgresqlKeys.PUBLISH_IN_TRANSACTION) == InTransaction.JOIN;
        if (join && dataSource == null) {
            settings.problem(
                    PostgresqlKeys.PUBLISH_IN_TRANSACTION,
                    "a transaction of the application can write by its own data source only, and"
                            + " channels.postgresql.data-source is not set",
                    "set data-source to the JNDI name of the JTA data source by which the"
                            + " application writes its data, instead of url");
        }
        return join;
    }

    private static ChannelRetention retention(
            BackendSettings settings, ChannelRetention otherwise) {
        return new ChannelRetention(
                settings.find(PostgresqlKeys.HISTORY).orElse(otherwise.history()),
                settings.find(PostgresqlKeys.RETENTION).orElse(otherwise.retention()));
    }

    private static @Nullable JdbcUrl url(BackendSettings settings, Key<String> key) {
        String text = settings.find(key).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            return JdbcUrl.parse(text);
        } catch (IllegalArgumentException e) {
            settings.problem(
                    key,
                    "it is no JDBC URL of PostgreSQL: " + e.getMessage(),
                    "write jdbc:postgresql://host:5432/database, with the credentials in"
                            + " channels.postgresql.user and channels.postgresql.password");
            return null;
        }
    }

    private static Properties credentials(BackendSettings settings) {
        Properties credentials = new Properties();
        settings.find(PostgresqlKeys.USER).ifPresent(user -> credentials.setProperty("user", user));
        settings.find(PostgresqlKeys.PASSWORD)
                .ifPresent(word -> credentials.setProperty("password", word));
        return credentials;
    }

    private static String identifier(BackendSettings settings, Key<String> key) {
        String value = settings.find(key).orElse(key.writtenDefault());
        if (!value.isEmpty() && !TableNames.IDENTIFIER.matcher(value).matches()) {
            settings.problem(
                    key,
                    "'" + value + "' is no plain name",
                    "use 1 to 40 of the characters A-Z, a-z, 0-9 and _, not beginning with a"
                            + " digit; case matters");
            return key.writtenDefault();
        }
        return value;
    }

    /** Returns where the database is, for messages; without any secret. */
    String address() {
        if (dataSource != null) {
            return "the data source " + dataSource + " (channels.postgresql.data-source)";
        }
        return (url == null ? "nowhere" : url.address()) + " (channels.postgresql.url)";
    }

    /** Returns where the backend publishes and how, without any secret. */
    @Override
    public String toString() {
        return "PostgresqlSettings[" + address() + ", " + tables + "]";
    }
}
