package dev.channels.backend.postgresql.tables;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the tables, and of the notification that wakes readers, for one schema and prefix.
 *
 * @param schema the schema, or an empty text for the first one of the search path
 * @param prefix what the names begin with
 */
public record TableNames(String schema, String prefix) {

    /** Both go into SQL, quoted; so case is exact and nothing else needs escaping. */
    public static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

    private static final Pattern TEMPLATE =
            Pattern.compile(
                    "\"?\\bchannels_"
                            + "(channel|event|publisher|life|node|client|outbox|ticket|lease)\\b\"?");

    /** A notification's channel is an identifier: NAMEDATALEN less its end, PostgreSQL § 4.1.1. */
    private static final int MAX_IDENTIFIER_BYTES = 63;

    /**
     * Writes the real names into an SQL text.
     *
     * @param sql names the tables as in {@code ddl.sql}, with the prefix {@code channels_}, quoted
     *     or not
     * @return the same with qualified and quoted names
     */
    public String in(String sql) {
        return TEMPLATE.matcher(sql)
                .replaceAll(match -> Matcher.quoteReplacement(qualified(match.group(1))));
    }

    /** Returns the quoted name of a table. */
    public String qualified(String table) {
        String name = '"' + prefix + "_" + table + '"';
        return schema.isEmpty() ? name : '"' + schema + "\"." + name;
    }

    /** Returns the name that is listened to. */
    public String topic() {
        String topic = schema.isEmpty() ? prefix : schema + "." + prefix;
        if (topic.getBytes(StandardCharsets.UTF_8).length <= MAX_IDENTIFIER_BYTES) {
            return topic;
        }
        return String.format(Locale.ROOT, "%s.%08x", prefix, schema.hashCode());
    }

    /** Returns a key for the advisory lock under which the tables are created. */
    public long lockKey() {
        return 0x6368616e_00000000L | Integer.toUnsignedLong(topic().hashCode());
    }

    /** Returns a key for the advisory lock under which the outbox is emptied. */
    public long relayKey() {
        return 0x72656c61_00000000L | Integer.toUnsignedLong(topic().hashCode());
    }
}
