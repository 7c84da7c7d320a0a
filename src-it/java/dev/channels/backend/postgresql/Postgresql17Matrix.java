package dev.channels.backend.postgresql;

import java.util.Map;

@OnServer("17")
final class Postgresql17Matrix extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url(), "table-prefix", prefix);
    }
}
