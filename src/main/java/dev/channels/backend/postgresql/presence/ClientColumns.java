package dev.channels.backend.postgresql.presence;

import dev.channels.PresentClient;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A client in columns. Texts that come from clients are columns of bytes: a text of PostgreSQL
 * cannot hold every character.
 */
final class ClientColumns {

    private ClientColumns() {}

    /** Reads the columns from the second on. */
    static PresentClient client(ResultSet rows) throws SQLException {
        return new PresentClient(
                text(rows.getBytes(2)),
                text(rows.getBytes(3)),
                textOrNull(rows.getBytes(4)),
                textOrNull(rows.getBytes(5)));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte @Nullable [] bytesOrNull(@Nullable String text) {
        return text == null ? null : bytes(text);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable String textOrNull(byte @Nullable [] bytes) {
        return bytes == null ? null : text(bytes);
    }
}
