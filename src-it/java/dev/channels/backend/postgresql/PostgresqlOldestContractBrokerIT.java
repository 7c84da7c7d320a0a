package dev.channels.backend.postgresql;

import java.util.Map;

@OnServer("oldest")
final class PostgresqlOldestContractBrokerIT extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url(), "table-prefix", prefix);
    }
}
