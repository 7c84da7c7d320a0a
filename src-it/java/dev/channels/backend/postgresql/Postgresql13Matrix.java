package dev.channels.backend.postgresql;

import java.util.Map;

@OnServer("13")
final class Postgresql13Matrix extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url(), "table-prefix", prefix);
    }
}
