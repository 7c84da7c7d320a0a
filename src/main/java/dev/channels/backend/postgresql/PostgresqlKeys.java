package dev.channels.backend.postgresql;

import dev.channels.spi.Key;
import java.time.Duration;
import java.util.List;

/** The keys of the backend. */
final class PostgresqlKeys {

    /** What becomes of a publish in a transaction. */
    enum InTransaction {
        /** It goes out apart from it. */
        SEPARATE,
        /** The transaction writes it itself. */
        JOIN
    }

    static final Key<String> URL = Key.text("url", "", "the JDBC URL");

    static final Key<String> USER = Key.text("user", "", "who connects to url and listen-url");

    static final Key<String> PASSWORD = Key.text("password", "", "with which password");

    static final Key<String> DATA_SOURCE =
            Key.text("data-source", "", "the JNDI name of a data source");

    static final Key<String> LISTEN_URL =
            Key.text("listen-url", "", "a JDBC URL for listening only");

    static final Key<String> SCHEMA = Key.text("schema", "", "the schema of the tables");

    static final Key<String> TABLE_PREFIX =
            Key.text("table-prefix", "channels", "what the tables' names begin with");

    static final Key<Boolean> CREATE_TABLES =
            Key.flag("create-tables", true, "whether to create missing tables");

    static final Key<Long> HISTORY =
            Key.number("history", "1000", 1, 1_000_000_000, "how many events to keep per channel");

    static final Key<Duration> RETENTION =
            Key.duration("retention", "1d", "1s", "how long to keep an event at most");

    static final Key<Duration> POLL_INTERVAL =
            Key.duration("poll-interval", "1s", "10ms", "how often one query asks for changes");

    static final Key<Duration> CONNECT_TIMEOUT =
            Key.duration(
                    "connect-timeout",
                    "5s",
                    "1s",
                    "1m",
                    "how long to wait for a connection, and for an answer");

    static final Key<Duration> CLEANUP_INTERVAL =
            Key.duration(
                    "cleanup-interval",
                    "30s",
                    "10ms",
                    "how often one of the nodes removes what is past its retention");

    static final Key<InTransaction> PUBLISH_IN_TRANSACTION =
            Key.choice(
                    "publish-in-transaction",
                    InTransaction.SEPARATE,
                    "how a publish in a JTA transaction is written");

    /** Those that a policy may have too. */
    static final List<Key<?>> OF_POLICIES = List.of(HISTORY, RETENTION);

    /** All of them. */
    static final List<Key<?>> ALL =
            List.of(
                    URL,
                    USER,
                    PASSWORD,
                    DATA_SOURCE,
                    LISTEN_URL,
                    SCHEMA,
                    TABLE_PREFIX,
                    CREATE_TABLES,
                    HISTORY,
                    RETENTION,
                    POLL_INTERVAL,
                    CONNECT_TIMEOUT,
                    CLEANUP_INTERVAL,
                    PUBLISH_IN_TRANSACTION);

    private PostgresqlKeys() {}
}
