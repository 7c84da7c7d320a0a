package dev.channels.backend.postgresql;

import dev.channels.backend.postgresql.connection.DataSourceConnections;
import dev.channels.backend.postgresql.connection.DriverConnections;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.JdbcUrl;
import dev.channels.backend.postgresql.connection.PgjdbcDriver;
import dev.channels.backend.postgresql.outbox.OutboxWriter;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelsBackend;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the backend {@code postgresql}: events in tables of a PostgreSQL database, version 12 or
 * later, in UTF8.
 *
 * <h2>Keys</h2>
 *
 * <p>Below {@code channels.postgresql.}:
 *
 * <table>
 * <caption>Keys, defaults and meanings</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code url}</td><td>none</td><td>the JDBC URL, {@code
 *     jdbc:postgresql://host:5432/database?property=value}; several hosts are allowed, of which the
 *     primary is taken. This or {@code data-source} must be set.</td></tr>
 * <tr><td>{@code user}, {@code password}</td><td>none</td><td>the credentials for {@code url} and
 *     {@code listen-url}; never printed, nor are those that stand in a URL</td></tr>
 * <tr><td>{@code data-source}</td><td>none</td><td>the JNDI name of a data source of the container,
 *     which publishes and reads instead of {@code url}. It is looked up at the start. Its
 *     connections are borrowed for one statement or two at a time, on threads without a
 *     transaction, up to five at once.</td></tr>
 * <tr><td>{@code listen-url}</td><td>{@code url}</td><td>a JDBC URL for listening only. {@code
 *     LISTEN} belongs to one session of the server, so it cannot go through a data source, whose
 *     connections are borrowed, and <em>does not work through PgBouncer in transaction mode</em>,
 *     which gives each transaction another session: let this URL lead to the server itself. Beside
 *     a data source it has no default: without it nothing listens, and events arrive at the pace of
 *     {@code poll-interval}.</td></tr>
 * <tr><td>{@code schema}</td><td>the search path's</td><td>the schema of the tables, which must
 *     exist</td></tr>
 * <tr><td>{@code table-prefix}</td><td>{@code channels}</td><td>what the names of the tables
 *     begin with; applications with other prefixes never hear each other</td></tr>
 * <tr><td>{@code create-tables}</td><td>{@code true}</td><td>whether to create missing tables. If
 *     not, create them with the resource {@code dev/channels/backend/postgresql/ddl.sql}; the start
 *     fails while they are missing.</td></tr>
 * <tr><td>{@code history}</td><td>1000</td><td>how many events to keep per channel; also what a
 *     node can catch up on after an outage</td></tr>
 * <tr><td>{@code retention}</td><td>{@code 1d}</td><td>how long to keep an event at most, from
 *     {@code 1s} up</td></tr>
 * <tr><td>{@code poll-interval}</td><td>{@code 1s}</td><td>how often one query asks for changes, in
 *     case a notification was lost; from {@code 10ms} up</td></tr>
 * <tr><td>{@code connect-timeout}</td><td>{@code 5s}</td><td>how long to wait for a connection, and
 *     for an answer, {@code 1s} to {@code 1m}; {@code connectTimeout} and {@code socketTimeout} in
 *     a URL have precedence</td></tr>
 * <tr><td>{@code cleanup-interval}</td><td>{@code 30s}</td><td>how often one of the nodes removes
 *     what is past {@code history} or {@code retention}. An event lives at least that long,
 *     whatever the history.</td></tr>
 * <tr><td>{@code publish-in-transaction}</td><td>{@code separate}</td><td>with {@code join} a
 *     publish in a JTA transaction is written by that transaction itself, through {@code
 *     data-source}, which must be the JTA data source of the application; it is published once the
 *     transaction has committed, whatever becomes of the node</td></tr>
 * </table>
 *
 * <h2>Guarantees</h2>
 *
 * <ul>
 *   <li>An acknowledged publish is committed, and on the disk of the server: {@code
 *       synchronous_commit=off} is overridden for these transactions. A publication to several
 *       channels is one transaction.
 *   <li>Every event is published once, in order, and delivered once, in order, to every node; after
 *       an outage a node goes on where it was. What was removed meanwhile is signalled as a gap.
 *   <li>So is another life of the tables: emptied, created again, restored from a backup, or taken
 *       over by a standby, which may lack the newest events.
 *   <li>A payload may have up to 64 MiB.
 *   <li>What a constraint or a trigger refuses fails the publish. So does what the server refuses
 *       for good, such as a missing right, with {@link dev.channels.ErrorCode#BROKER_REFUSED};
 *       everything else is waited for.
 *   <li>An event for which this JVM has not the memory, alone either, is rejected when it is
 *       published, and a gap when it is read.
 * </ul>
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>A node has five connections: one publishes, one reads, one listens, two read the history. A
 *       sixth cleans up, while there is something to clean up. It sends about one statement per
 *       {@code poll-interval} while idle, whatever the number of channels.
 *   <li>Publishers of one channel wait for each other, each for one short statement.
 *   <li>The default isolation level must be {@code read committed}, as it is unless changed: with a
 *       stricter one, publishers of one channel make each other fail and try again.
 *   <li>Through PgBouncer in transaction mode, {@code url} needs {@code prepareThreshold=0}, unless
 *       PgBouncer's {@code max_prepared_statements} is above 0.
 *   <li>A standby that takes over is known by {@code pg_control_system} and {@code
 *       pg_walfile_name}. Where the server lacks them or keeps them from the user it goes
 *       unnoticed, and so does the loss of what the standby lacks.
 *   <li>A channel that was idle for more than 7 days, and longer than {@code retention}, is
 *       forgotten; its next event comes with a gap signalled to those that followed it.
 *   <li>The row of a channel is empty of its past if the tables are truncated; truncate them all
 *       together.
 * </ul>
 */
public final class PostgresqlBackendFactory implements BackendFactory {

    /** Makes the factory; for {@link java.util.ServiceLoader}. */
    public PostgresqlBackendFactory() {}

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Set<String> keys() {
        return Set.of(
                "url",
                "user",
                "password",
                "data-source",
                "listen-url",
                "schema",
                "table-prefix",
                "create-tables",
                "history",
                "retention",
                "poll-interval",
                "connect-timeout",
                "cleanup-interval",
                "publish-in-transaction");
    }

    @Override
    public Set<String> policyKeys() {
        return Set.of("history", "retention");
    }

    @Override
    public ChannelsBackend create(BackendContext context) {
        return create(context, PostgresqlBackendFactory.class.getClassLoader());
    }

    /** Makes the backend; pgjdbc is looked for in the given class loader. */
    ChannelsBackend create(BackendContext context, ClassLoader loader) {
        BackendSettings configured = context.settings();
        PostgresqlSettings settings = PostgresqlSettings.of(configured, context.policies());
        JdbcUrl url = settings.url();
        String dataSource = settings.dataSource();
        if ((url != null || settings.listenUrl() != null) && !PgjdbcDriver.isPresent(loader)) {
            configured.problem(
                    url != null ? "url" : "listen-url",
                    "PostgreSQL's JDBC driver is not on the class path",
                    "add the dependency org.postgresql:postgresql:42.7.13 to the application");
        } else if (url != null) {
            return new PostgresqlBackend(
                    settings,
                    new DriverConnections(url, settings.credentials(), settings.connectTimeout()),
                    context.scheduler(),
                    null);
        }
        DataSourceConnections connections =
                new DataSourceConnections(
                        dataSource == null ? "" : dataSource,
                        context.executor(),
                        settings.connectTimeout());
        return new PostgresqlBackend(
                settings, connections, context.scheduler(), outbox(settings, connections));
    }

    private static @Nullable OutboxWriter outbox(
            PostgresqlSettings settings, DataSourceConnections connections) {
        String address = settings.address();
        return settings.join()
                ? new OutboxWriter(connections, settings.tables(), new Failures(address), address)
                : null;
    }
}
