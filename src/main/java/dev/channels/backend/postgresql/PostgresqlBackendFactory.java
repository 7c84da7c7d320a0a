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
import dev.channels.spi.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the backend {@code postgresql}: events in tables of a PostgreSQL database, version 12 or
 * later, in UTF8.
 *
 * <p>Its keys are below {@code channels.postgresql.}; the documentation's page on PostgreSQL lists
 * them.
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
    public List<Key<?>> keys() {
        return PostgresqlKeys.ALL;
    }

    @Override
    public List<Key<?>> policyKeys() {
        return PostgresqlKeys.OF_POLICIES;
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
                    url != null ? PostgresqlKeys.URL : PostgresqlKeys.LISTEN_URL,
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
