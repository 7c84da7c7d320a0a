package dev.channels.backend.postgresql;

import dev.channels.backend.postgresql.connection.JdbcUrl;
import dev.channels.backend.postgresql.history.ChannelRetention;
import dev.channels.backend.postgresql.history.Retentions;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
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

    /** What becomes of a publish in a transaction. */
    private enum InTransaction {
        /** It goes out apart from it. */
        SEPARATE,
        /** The transaction writes it itself. */
        JOIN
    }

    private static final String JOIN = "publish-in-transaction";
    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    static PostgresqlSettings of(BackendSettings settings, ChannelRules<BackendSettings> policies) {
        JdbcUrl url = url(settings, "url");
        JdbcUrl listenUrl = url(settings, "listen-url");
        String dataSource = settings.text("data-source").orElse(null);
        if (settings.text("url").isEmpty() && dataSource == null) {
            settings.required("url", "set it to the JDBC URL of the database, or set data-source");
        }
        if (settings.text("url").isPresent() && dataSource != null) {
            settings.problem(
                    "data-source",
                    "it is set together with url",
                    "keep one of them; the URL for listening beside a data source is listen-url");
        }
        ChannelRetention standard =
                retention(settings, new ChannelRetention(1_000, Duration.ofDays(1)));
        return new PostgresqlSettings(
                url,
                dataSource,
                listenUrl == null && dataSource == null ? url : listenUrl,
                credentials(settings),
                new TableNames(
                        identifier(settings, "schema", ""),
                        identifier(settings, "table-prefix", "channels")),
                settings.flag("create-tables", true),
                new Retentions(standard, policies.map(policy -> retention(policy, standard))),
                atLeast(settings, "poll-interval", Duration.ofSeconds(1), SHORTEST_POLL),
                timeout(settings),
                atLeast(settings, "cleanup-interval", Duration.ofSeconds(30), SHORTEST_POLL),
                join(settings, dataSource));
    }

    private static boolean join(BackendSettings settings, @Nullable String dataSource) {
        boolean join = settings.choice(JOIN, InTransaction.SEPARATE) == InTransaction.JOIN;
        if (join && dataSource == null) {
            settings.problem(
                    JOIN,
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
                settings.number("history", otherwise.history(), 1, 1_000_000_000),
                atLeast(settings, "retention", otherwise.retention(), Duration.ofSeconds(1)));
    }

    private static @Nullable JdbcUrl url(BackendSettings settings, String key) {
        String text = settings.text(key).orElse(null);
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
        settings.text("user").ifPresent(user -> credentials.setProperty("user", user));
        settings.text("password").ifPresent(word -> credentials.setProperty("password", word));
        return credentials;
    }

    private static String identifier(BackendSettings settings, String key, String defaultValue) {
        String value = settings.text(key, defaultValue);
        if (!value.isEmpty() && !TableNames.IDENTIFIER.matcher(value).matches()) {
            settings.problem(
                    key,
                    "'" + value + "' is no plain name",
                    "use 1 to 40 of the characters A-Z, a-z, 0-9 and _, not beginning with a"
                            + " digit; case matters");
            return defaultValue;
        }
        return value;
    }

    private static Duration atLeast(
            BackendSettings settings, String key, Duration defaultValue, Duration least) {
        Duration value = settings.duration(key, defaultValue);
        if (value.compareTo(least) < 0) {
            settings.problem(
                    key, value + " is too short", "set it to " + least.toMillis() + "ms or more");
            return defaultValue;
        }
        return value;
    }

    private static Duration timeout(BackendSettings settings) {
        Duration fallback = Duration.ofSeconds(5);
        Duration value = atLeast(settings, "connect-timeout", fallback, Duration.ofSeconds(1));
        if (value.compareTo(LONGEST_TIMEOUT) > 0) {
            settings.problem("connect-timeout", value + " is too long", "set it to 1m or less");
            return fallback;
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
