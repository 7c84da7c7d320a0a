package dev.channels.backend.postgresql.outbox;

import dev.channels.backend.postgresql.tables.EventRow;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.spi.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts publications into the outbox: one statement, which waits for nobody and draws the
 * transaction's ticket where it has none yet. Safe for use by any thread.
 */
final class OutboxStatement {

    /** No name holds a slash. */
    static final String BETWEEN = "/";

    private static final String SQL =
            """
            WITH drawn AS MATERIALIZED (
                SELECT coalesce(?::bigint, nextval('channels_ticket')) AS ticket
            ), written AS (
                INSERT INTO channels_outbox (ticket, ordinal, channels, payload, headers)
                SELECT d.ticket, ?::integer + p.nr, p.channels, p.payload, p.headers
                FROM drawn AS d
                CROSS JOIN unnest(?::text[], ?::bytea[], ?::bytea[])
                    WITH ORDINALITY AS p(channels, payload, headers, nr)
            )
            SELECT ticket FROM drawn
            """;

    private final String sql;

    OutboxStatement(TableNames tables) {
        this.sql = tables.in(SQL);
    }

    /**
     * Writes publications.
     *
     * @param connection of the transaction
     * @param ticket of the transaction, or null if it has none yet
     * @param before how many publications it has written
     * @param publications what to write, in order
     * @return the ticket
     */
    long execute(
            Connection connection,
            @Nullable Long ticket,
            int before,
            List<Publication> publications)
            throws SQLException {
        int count = publications.size();
        String[] channels = new String[count];
        byte[][] payloads = new byte[count][];
        byte[] @Nullable [] headers = new byte[count] @Nullable [];
        for (int i = 0; i < count; i++) {
            Publication publication = publications.get(i);
            channels[i] = String.join(BETWEEN, publication.channels());
            payloads[i] = publication.payload();
            headers[i] = EventRow.headers(publication);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (ticket == null) {
                statement.setNull(1, Types.BIGINT);
            } else {
                statement.setLong(1, ticket);
            }
            statement.setInt(2, before);
            statement.setArray(3, connection.createArrayOf("text", channels));
            statement.setArray(4, connection.createArrayOf("bytea", payloads));
            statement.setArray(5, connection.createArrayOf("bytea", headers));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
