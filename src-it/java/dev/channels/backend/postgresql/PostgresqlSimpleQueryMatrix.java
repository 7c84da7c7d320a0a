package dev.channels.backend.postgresql;

import java.util.Map;

/** Without prepared statements, as behind many a pooler and proxy. */
final class PostgresqlSimpleQueryMatrix extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url() + "?preferQueryMode=simple", "table-prefix", prefix);
    }
}
