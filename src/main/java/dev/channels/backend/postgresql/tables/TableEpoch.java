package dev.channels.backend.postgresql.tables;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.backend.postgresql.connection.Failures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The epoch of the tables: a new one begins when they are no longer the ones that the nodes read
 * from before, because they were created again, restored from a backup, or because a standby took
 * over, which may lack the newest events (PostgreSQL manual § 26.5, "Timelines").
 *
 * <p>The tables hold the identity of the server and of themselves: the system identifier, the
 * timeline, and the OID of a table. A copy restored elsewhere, or at an earlier time, holds an
 * identity that is not its own. Every connection is verified before it is used, so a new epoch
 * begins before anybody publishes into a restored copy, and each channel's row then notes at which
 * offset: {@code base}. Events up to there belong to the past that is left, events after it are new
 * to every reader, whatever offset it had reached.
 *
 * <p>A crash and restart of the same server begins no epoch: what was visible had been written
 * ahead, for the publish statement insists on synchronous commits.
 */
public final class TableEpoch {

    /** The version of the tables that this library knows; {@code ddl.sql} says it too. */
    static final int VERSION = 1;

    private static final String UNDEFINED_COLUMN = "42703";

    /** The server that is asked stands by, or the tables are not those of before: try again. */
    private static final String NOT_THE_PRIMARY = "25006";

    private static final String TABLE_IDENTITY = "tableoid::text";

    /** Not on every managed service are these functions allowed; see {@link #identitySql}. */
    private static final String SERVER_IDENTITY =
            "(SELECT system_identifier FROM pg_control_system())::text || '/'"
                    + " || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || "
                    + TABLE_IDENTITY;

    private final TableNames tables;
    private volatile @Nullable String identitySql;

    TableEpoch(TableNames tables) {
        this.tables = tables;
    }

    /**
     * Returns the expression that computes the identity in a query on the table {@code
     * channels_life}.
     *
     * @throws IllegalStateException before the first {@link #verify}
     */
    public String identitySql() {
        String sql = identitySql;
        if (sql == null) {
            throw new IllegalStateException("verify comes first");
        }
        return sql;
    }

    /**
     * Begins an epoch if there is none, or if the tables are a copy.
     *
     * @throws ChannelsException if the tables are of another version
     * @param connection in auto-commit mode
     * @throws SQLException if the database refuses, or is a standby
     */
    public void verify(Connection connection) throws SQLException {
        requirePrimary(connection);
        String select =
                tables.in("SELECT epoch, identity = %s AS same, version FROM channels_life")
                        .formatted(supportedIdentity(connection));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            if (row.next()) {
                requireVersion(row.getInt("version"));
                if (!row.getBoolean("same")) {
                    renew(connection, row.getString("epoch"));
                }
                return;
            }
        } catch (SQLException e) {
            if (UNDEFINED_COLUMN.equals(e.getSQLState())) {
                requireVersion(0);
            }
            throw e;
        }
        begin(connection);
    }

    /** What another version reads and writes there must not be guessed. */
    private void requireVersion(int found) {
        if (found != VERSION) {
            throw new ChannelsException(
                    ErrorCode.UNSUPPORTED_FORMAT,
                    "The tables "
                            + tables.qualified("*")
                            + " are of version "
                            + found
                            + ", this version of Channels EE knows version "
                            + VERSION
                            + ". "
                            + (found > VERSION
                                    ? "Use the version of Channels EE that the other nodes have"
                                    : "Drop these tables while no node runs; their events are"
                                            + " lost")
                            + ", or use other tables: channels.postgresql.table-prefix.");
        }
    }

    /** Returns a condition that a row of {@code channels_life} named l is as this node expects. */
    public String unchanged() {
        return "l.identity = l.now AND l.version = " + VERSION;
    }

    private static void requirePrimary(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            if (row.next() && row.getBoolean(1)) {
                throw new SQLException("The server is a standby", NOT_THE_PRIMARY);
            }
        }
    }

    private String supportedIdentity(Connection connection) throws SQLException {
        String known = identitySql;
        if (known == null) {
            known = isServerIdentitySupported(connection) ? SERVER_IDENTITY : TABLE_IDENTITY;
            identitySql = known;
        }
        return known;
    }

    private boolean isServerIdentitySupported(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                tables.in(
                                        "SELECT %s FROM (SELECT 0::oid AS tableoid) AS t"
                                                .formatted(SERVER_IDENTITY)))) {
            return row.next();
        } catch (SQLException e) {
            if (Failures.isUnsupported(e)) {
                return false;
            }
            throw e; // it may pass, and the answer is kept until the stop
        }
    }

    private void begin(Connection connection) throws SQLException {
        String own = "to_regclass('channels_life')::oid::text";
        update(
                connection,
                """
                INSERT INTO channels_life (epoch, identity) VALUES (?, %s) ON CONFLICT DO NOTHING
                """
                        .formatted(identitySql().replace(TABLE_IDENTITY, own)),
                newEpoch());
    }

    /**
     * Ends an epoch and begins the next, unless another node was faster.
     *
     * @param connection in auto-commit mode
     * @param expected the epoch to end
     * @throws SQLException if the database refuses
     */
    public void renew(Connection connection, String expected) throws SQLException {
        update(
                connection,
                """
                WITH renewed AS (
                    UPDATE channels_life SET epoch = ?, identity = %s WHERE epoch = ?
                    RETURNING epoch
                )
                UPDATE channels_channel SET base = last_offset, tx = txid_current()
                WHERE EXISTS (SELECT 1 FROM renewed)
                """
                        .formatted(identitySql()),
                newEpoch(),
                expected);
    }

    private void update(Connection connection, String sql, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.in(sql))) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private static String newEpoch() {
        return String.format(Locale.ROOT, "%016x", ThreadLocalRandom.current().nextLong());
    }

    /**
     * Returns the epoch of one channel's positions.
     *
     * @param epoch the epoch of the tables
     * @param channelId the id of the channel's row, which is another one in its next life
     */
    public static String epochOf(String epoch, long channelId) {
        return epoch + "-" + Long.toHexString(channelId);
    }
}
