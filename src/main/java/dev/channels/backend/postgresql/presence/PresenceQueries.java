package dev.channels.backend.postgresql.presence;

import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads who is there on all nodes. The clock is the server's. */
final class PresenceQueries {

    private static final String LIST =
            """
            SELECT c.channel, c.id, c."user", c.info, c.channel_info
            FROM channels_client AS c JOIN channels_node AS n ON n.id = c.node
            WHERE c.channel = ? AND n.ending > now() LIMIT ?
            """;

    private static final String COUNT =
            """
            SELECT count(*), count(DISTINCT c."user")
            FROM channels_client AS c JOIN channels_node AS n ON n.id = c.node
            WHERE c.channel = ? AND n.ending > now()
            """;

    private final String list;
    private final String count;

    PresenceQueries(TableNames names) {
        this.list = names.in(LIST);
        this.count = names.in(COUNT);
    }

    /** Lists who is there in a channel, up to a number of clients. */
    List<PresentClient> clients(Connection connection, String channel, int limit)
            throws SQLException {
        List<PresentClient> clients = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(list)) {
            statement.setString(1, channel);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    clients.add(ClientColumns.client(rows));
                }
            }
        }
        return clients;
    }

    /** Counts who is there in a channel. */
    PresenceStatistics statistics(Connection connection, String channel) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(count)) {
            statement.setString(1, channel);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? new PresenceStatistics(rows.getInt(1), rows.getInt(2))
                        : new PresenceStatistics(0, 0);
            }
        }
    }
}
