package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

@OnOldestServer
final class PostgresqlOldestContractBrokerIT extends PostgresqlContract {

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", url(), "table-prefix", prefix);
    }

    @Test
    void runsOnVersion12() throws Exception {
        assertThat(broker.number("SHOW server_version_num")).isBetween(120_000L, 129_999L);
    }
}
