package dev.channels.backend.postgresql;

import java.util.Map;

@OnServer("14")
final class Postgresql14Matrix extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url(), "table-prefix", prefix);
    }
}
