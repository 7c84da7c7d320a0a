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

    private static final String DDL = "/dev/channels/backend/postgresql/ddl.sql";

    private static final List<String> TABLES =
            List.of(
                    "channel",
                    "event",
                    "publisher",
                    "life",
                    "node",
                    "client",
                    "outbox",
                    "ticket",
                    "lease");

    private final TableNames tables;
    private final boolean create;

    TableSchema(TableNames tables, boolean create) {
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
    void prepare(Connection connection) throws SQLException {
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
        List<String> created = create(connection);
        if (!created.isEmpty()) {
            Log.state("created the tables " + String.join(", ", created));
        }
    }

    private List<String> missing(Connection connection) throws SQLException {
        // Reading pg_class makes a session take notice of what others have created meanwhile.
        String sql =
                """
                SELECT name, to_regclass(name) IS NOT NULL AS present,
                    current_setting('server_encoding') AS encoding
                FROM unnest(?::text[]) AS t(name) WHERE EXISTS (SELECT 1 FROM pg_class)
                """;
        List<String> names = new ArrayList<>();
        for (String table : TABLES) {
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

    /**
     * Creates what is missing, one session at a time: CREATE TABLE IF NOT EXISTS may fail where two
     * do it at once.
     *
     * @return what this session has created, another one perhaps having been faster
     */
    private List<String> create(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + tables.lockKey() + ")");
            List<String> missing = missing(connection);
            for (String ddl : tables.in(ddl()).split(";", -1)) {
                if (!ddl.isBlank() && !missing.isEmpty()) {
                    statement.execute(ddl);
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            return missing;
        } catch (SQLException | RuntimeException e) {
            undo(connection, e);
            throw e;
        }
    }

    private static void undo(Connection connection, Exception failure) {
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
