package dev.channels.backend.postgresql.lease;

import dev.channels.Position;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.ChannelLeases.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Reads and writes leases, each call one statement, in auto-commit mode; by the server's clock. */
final class LeaseTable {

    private static final String TAKE =
            """
            INSERT INTO channels_lease AS l (name, holder, ending)
            VALUES (?, ?, now() + ?::bigint * interval '1 ms')
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ending = excluded.ending
            WHERE l.holder = excluded.holder OR l.ending <= now()
            RETURNING position
            """;

    private static final String ADVANCE =
            """
            UPDATE channels_lease
            SET position = ?, ending = now() + ?::bigint * interval '1 ms'
            WHERE name = ? AND holder = ?
            """;

    private static final String RELEASE =
            "UPDATE channels_lease SET holder = '', ending = now() WHERE name = ? AND holder = ?";

    private final String take;
    private final String advance;
    private final String release;

    LeaseTable(TableNames names) {
        take = names.in(TAKE);
        advance = names.in(ADVANCE);
        release = names.in(RELEASE);
    }

    Lease take(Connection connection, String name, String holder, Duration lifetime)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(take)) {
            statement.setString(1, name);
            statement.setString(2, holder);
            statement.setLong(3, lifetime.toMillis());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Lease.TAKEN;
                }
                String position = rows.getString(1);
                return new Lease(true, position == null ? null : Position.parse(position));
            }
        }
    }

    boolean advance(
            Connection connection, String name, String holder, Position position, Duration lifetime)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(advance)) {
            statement.setString(1, position.toString());
            statement.setLong(2, lifetime.toMillis());
            statement.setString(3, name);
            statement.setString(4, holder);
            return statement.executeUpdate() == 1;
        }
    }

    boolean release(Connection connection, String name, String holder) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(release)) {
            statement.setString(1, name);
            statement.setString(2, holder);
            return statement.executeUpdate() == 1;
        }
    }
}
