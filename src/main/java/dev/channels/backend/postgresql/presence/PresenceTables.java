package dev.channels.backend.postgresql.presence;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.backend.postgresql.tables.TableNames;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What is written for one node, and read of what was. The clock is the server's. */
final class PresenceTables {

    /** What names a client in a channel. */
    private record Key(String channel, String id) {

        // Written out: see Position.equals.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && channel.equals(that.channel) && id.equals(that.id);
        }

        @Override
        public int hashCode() {
            return 31 * channel.hashCode() + id.hashCode();
        }
    }

    private static final String TOUCH =
            """
            INSERT INTO channels_node (id, ending) VALUES (?, now() + ?::bigint * interval '1 ms')
            ON CONFLICT (id) DO UPDATE SET ending = excluded.ending
            """;

    /** Each silent node is removed by one of the others. */
    private static final String REMOVE_NODES =
            """
            DELETE FROM channels_node WHERE id IN (
                SELECT id FROM channels_node WHERE ending <= now() AND id <> ?
                ORDER BY id FOR UPDATE SKIP LOCKED)
            RETURNING id
            """;

    private static final String REMOVE_CLIENTS =
            """
            DELETE FROM channels_client WHERE node = ANY (?::bigint[])
            RETURNING channel, id, "user", info, channel_info
            """;

    private static final String ENTER =
            """
            INSERT INTO channels_client (channel, id, node, "user", info, channel_info)
            SELECT c.channel, c.id, ?::bigint, c."user", c.info, c.channel_info
            FROM unnest(?::text[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])
                AS c(channel, id, "user", info, channel_info)
            ORDER BY c.channel COLLATE "C", c.id
            ON CONFLICT (channel, id) DO UPDATE SET node = excluded.node,
                "user" = excluded."user", info = excluded.info,
                channel_info = excluded.channel_info
            RETURNING channel, id, xmax = 0 AS entered
            """;

    private static final String LEAVE =
            """
            DELETE FROM channels_client AS c
            USING unnest(?::text[], ?::bytea[]) AS gone(channel, id)
            WHERE c.channel = gone.channel AND c.id = gone.id AND c.node = ?
            RETURNING c.channel, c.id
            """;

    private static final String COUNT_OWN =
            "SELECT channel, count(*) FROM channels_client WHERE node = ? GROUP BY channel";

    private static final String LIST_OWN =
            """
            SELECT channel, id, "user", info, channel_info FROM channels_client
            WHERE node = ? AND channel = ANY (?::text[])
            """;

    private final TableNames names;
    private final long node = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    PresenceTables(TableNames names) {
        this.names = names;
    }

    private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(names.in(sql));
    }

    // ---- Writing, in a transaction; returns what others are to be told

    /** Says that this node is there, and removes those that are silent. */
    List<PresenceChange> touch(Connection connection, Duration lifetime) throws SQLException {
        List<PresenceChange> gone = new ArrayList<>();
        List<Long> silent = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, REMOVE_NODES)) {
            statement.setLong(1, node);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    silent.add(rows.getLong(1));
                }
            }
        }
        if (!silent.isEmpty()) {
            try (PreparedStatement statement = prepare(connection, REMOVE_CLIENTS)) {
                statement.setArray(1, connection.createArrayOf("int8", silent.toArray()));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        gone.add(
                                new PresenceChange(
                                        rows.getString(1), ClientColumns.client(rows), false));
                    }
                }
            }
        }
        try (PreparedStatement statement = prepare(connection, TOUCH)) {
            statement.setLong(1, node);
            statement.setLong(2, lifetime.toMillis());
            statement.executeUpdate();
        }
        return gone;
    }

    /** Applies changes: together as long as each is about another client. */
    List<PresenceChange> change(Connection connection, List<PresenceChange> changes)
            throws SQLException {
        List<PresenceChange> seen = new ArrayList<>();
        Map<Key, PresenceChange> together = new LinkedHashMap<>();
        for (PresenceChange change : changes) {
            Key key = new Key(change.channel(), change.client().id());
            if (together.containsKey(key)) {
                seen.addAll(apply(connection, together));
                together.clear();
            }
            together.put(key, change);
        }
        seen.addAll(apply(connection, together));
        return seen;
    }

    private List<PresenceChange> apply(Connection connection, Map<Key, PresenceChange> together)
            throws SQLException {
        List<PresenceChange> entering =
                together.values().stream().filter(PresenceChange::entered).toList();
        List<PresenceChange> leaving =
                together.values().stream().filter(change -> !change.entered()).toList();
        Set<Key> seen = new HashSet<>();
        if (!entering.isEmpty()) {
            enter(connection, entering, seen);
        }
        if (!leaving.isEmpty()) {
            leave(connection, leaving, seen);
        }
        List<PresenceChange> told = new ArrayList<>();
        together.forEach(
                (key, change) -> {
                    if (seen.contains(key)) {
                        told.add(change);
                    }
                });
        return told;
    }

    private void enter(Connection connection, List<PresenceChange> entering, Set<Key> seen)
            throws SQLException {
        int count = entering.size();
        String[] channels = new String[count];
        byte[][] ids = new byte[count][];
        byte[][] users = new byte[count][];
        byte @Nullable [][] infos = new byte[count][];
        byte @Nullable [][] channelInfos = new byte[count][];
        for (int i = 0; i < count; i++) {
            PresentClient client = entering.get(i).client();
            channels[i] = entering.get(i).channel();
            ids[i] = ClientColumns.bytes(client.id());
            users[i] = ClientColumns.bytes(client.user());
            infos[i] = ClientColumns.bytesOrNull(client.info());
            channelInfos[i] = ClientColumns.bytesOrNull(client.channelInfo());
        }
        try (PreparedStatement statement = prepare(connection, ENTER)) {
            statement.setLong(1, node);
            statement.setArray(2, connection.createArrayOf("text", channels));
            statement.setArray(3, connection.createArrayOf("bytea", ids));
            statement.setArray(4, connection.createArrayOf("bytea", users));
            statement.setArray(5, connection.createArrayOf("bytea", infos));
            statement.setArray(6, connection.createArrayOf("bytea", channelInfos));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (rows.getBoolean(3)) {
                        seen.add(new Key(rows.getString(1), ClientColumns.text(rows.getBytes(2))));
                    }
                }
            }
        }
    }

    private void leave(Connection connection, List<PresenceChange> leaving, Set<Key> seen)
            throws SQLException {
        Object[] channels = leaving.stream().map(PresenceChange::channel).toArray();
        byte[][] ids =
                leaving.stream()
                        .map(change -> ClientColumns.bytes(change.client().id()))
                        .toArray(byte[][]::new);
        try (PreparedStatement statement = prepare(connection, LEAVE)) {
            Array names = connection.createArrayOf("text", channels);
            statement.setArray(1, names);
            statement.setArray(2, connection.createArrayOf("bytea", ids));
            statement.setLong(3, node);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    seen.add(new Key(rows.getString(1), ClientColumns.text(rows.getBytes(2))));
                }
            }
        }
    }

    /** Makes what this node has in channels that and nothing else. */
    List<PresenceChange> replace(
            Connection connection, Map<String, ? extends Collection<PresentClient>> clients)
            throws SQLException {
        Map<Key, PresenceChange> changes = new LinkedHashMap<>();
        try (PreparedStatement statement = prepare(connection, LIST_OWN)) {
            statement.setLong(1, node);
            Object[] channels = clients.keySet().toArray();
            statement.setArray(2, connection.createArrayOf("text", channels));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String channel = rows.getString(1);
                    PresentClient client = ClientColumns.client(rows);
                    changes.put(
                            new Key(channel, client.id()),
                            new PresenceChange(channel, client, false));
                }
            }
        }
        clients.forEach(
                (channel, there) ->
                        there.forEach(
                                it ->
                                        changes.put(
                                                new Key(channel, it.id()),
                                                new PresenceChange(channel, it, true))));
        return apply(connection, changes);
    }

    // ---- Reading

    /** Returns the channels of this node in which it has another number of clients. */
    Set<String> different(Connection connection, Map<String, Integer> clients) throws SQLException {
        Set<String> different = new HashSet<>(clients.keySet());
        try (PreparedStatement statement = prepare(connection, COUNT_OWN)) {
            statement.setLong(1, node);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String channel = rows.getString(1);
                    Integer known = clients.get(channel);
                    if (known != null && known == rows.getInt(2)) {
                        different.remove(channel);
                    } else {
                        different.add(channel);
                    }
                }
            }
        }
        return different;
    }
}
