package dev.channels.backend.postgresql.tables;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Makes sure that the tables are there. */
public final class TableSchema {

    /** A server needs some seconds for more, which is as long as it may keep silent. */
    public static final int MAX_PAYLOAD_BYTES = 64 << 20;

    private static final String DDL = "/dev/channels/backend/postgresql/ddl.sql";

    private final TableNames tables;
    private final boolean create;

    public TableSchema(TableNames tables, boolean create) {
        this.tables = tables;
        this.create = create;
    }

    /**
     * Creates the tables where they are missing and may be created.
     *
     * @param connection in auto-commit mode, and again afterwards
     * @throws SQLException if the database refuses
     * @throws ChannelsException if they are missing and must not be created, or if the database
     *     cannot hold every channel's name
     */
    public void prepare(Connection connection) throws SQLException {
        List<String> missing = missing(connection);
        if (missing.isEmpty()) {
            return;
        }
        if (!create) {
            throw new ChannelsException(
                    ErrorCode.START_FAILED,
                    "The database has no table "
                            + String.join(", ", missing)
                            + ". Create the tables with the resource"
                            + " dev/channels/backend/postgresql/ddl.sql of this library, or set"
                            + " channels.postgresql.create-tables=true.");
        }
        create(connection);
        Log.state("created the tables " + String.join(", ", missing));
    }

    private List<String> missing(Connection connection) throws SQLException {
        String sql =
                "SELECT name, to_regclass(name) IS NOT NULL AS present,"
                        + " current_setting('server_encoding') AS encoding FROM unnest(?) AS t(name)";
        List<String> names = new ArrayList<>();
        for (String table : List.of("channel", "event", "publisher", "life")) {
            names.add(tables.qualified(table));
        }
        List<String> missing = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    requireUtf8(rows.getString("encoding"));
                    if (!rows.getBoolean("present")) {
                        missing.add(rows.getString("name"));
                    }
                }
            }
        }
        return missing;
    }

    private static void requireUtf8(String encoding) {
        if (!encoding.equals("UTF8")) {
            throw new ChannelsException(
                    ErrorCode.START_FAILED,
                    "The database has the encoding "
                            + encoding
                            + ", which cannot hold the name of every channel. Use a database with"
                            + " the encoding UTF8.");
        }
    }

    /** One at a time: CREATE TABLE IF NOT EXISTS may fail where two sessions do it at once. */
    private void create(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + tables.lockKey() + ")");
            for (String ddl : tables.in(ddl()).split(";", -1)) {
                if (!ddl.isBlank()) {
                    statement.execute(ddl);
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            undo(connection, e);
            throw e;
        }
    }

    private static void undo(Connection connection, SQLException failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Returns the statements, without the comments. */
    private static String ddl() {
        try (InputStream stream = TableSchema.class.getResourceAsStream(DDL)) {
            if (stream == null) {
                throw new IllegalStateException("ddl.sql is missing in this library's JAR");
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceAll("--[^\n]*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
