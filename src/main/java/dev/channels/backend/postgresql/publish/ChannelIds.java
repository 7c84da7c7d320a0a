package dev.channels.backend.postgresql.publish;

import dev.channels.backend.postgresql.tables.ChannelRows;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ids of the channels' rows, which are made where there is none; keeps those used last. Used by
 * one thread.
 */
final class ChannelIds {

    private static final int KEPT = 10_000;

    private static final String SELECT =
            "SELECT name, id FROM channels_channel WHERE name = ANY (?::text[])";

    private final String select;
    private final ChannelRows rows;
    private final Map<String, Long> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > KEPT;
                }
            };

    ChannelIds(TableNames tables) {
        this.select = tables.in(SELECT);
        this.rows = new ChannelRows(tables);
    }

    /**
     * Returns the ids of channels, making the rows that are missing.
     *
     * @param connection in auto-commit mode
     * @param names the channels
     * @return the id of each
     */
    Map<String, Long> of(Connection connection, Set<String> names) throws SQLException {
        Map<String, Long> ids = new HashMap<>();
        Set<String> unknown = new TreeSet<>();
        for (String name : names) {
            Long id = kept.get(name);
            if (id == null) {
                unknown.add(name);
            } else {
                ids.put(name, id);
            }
        }
        if (!unknown.isEmpty()) {
            find(connection, unknown, ids);
            if (!unknown.isEmpty()) {
                rows.make(connection, unknown);
                find(connection, unknown, ids);
            }
            if (!unknown.isEmpty()) {
                throw new SQLException("Rows of channels vanish as they are made", "40001");
            }
        }
        return ids;
    }

    /** Forgets ids whose rows may be gone. */
    void forget(Collection<String> names) {
        kept.keySet().removeAll(names);
    }

    private void find(Connection connection, Set<String> unknown, Map<String, Long> ids)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setArray(1, connection.createArrayOf("text", unknown.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString(1);
                    long id = rows.getLong(2);
                    kept.put(name, id);
                    ids.put(name, id);
                    unknown.remove(name);
                }
            }
        }
    }
}
