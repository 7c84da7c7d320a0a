package dev.channels.backend.postgresql.tables;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the rows of channels. Safe for use by any thread. */
public final class ChannelRows {

    /** Sorted, so that two nodes that make the same rows wait for each other, and no more. */
    private static final String INSERT =
            """
            INSERT INTO channels_channel (id, name)
            SELECT t.id, t.name FROM unnest(?::bigint[], ?::text[]) AS t(id, name)
            ORDER BY t.name COLLATE "C"
            ON CONFLICT (name) DO NOTHING
            """;

    private final String insert;

    public ChannelRows(TableNames tables) {
        this.insert = tables.in(INSERT);
    }

    /**
     * Makes rows where there are none.
     *
     * @param connection in auto-commit mode
     * @param names the channels
     * @throws SQLException if the database refuses
     */
    public void make(Connection connection, Set<String> names) throws SQLException {
        Long[] ids = new Long[names.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            Array idArray = connection.createArrayOf("int8", ids);
            statement.setArray(1, idArray);
            statement.setArray(2, connection.createArrayOf("text", names.toArray()));
            statement.executeUpdate();
        }
    }
}
