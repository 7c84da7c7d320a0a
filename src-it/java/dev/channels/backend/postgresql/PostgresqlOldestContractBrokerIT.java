package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.ChannelsBackend;
import org.junit.jupiter.api.Test;

@OnOldestServer
final class PostgresqlOldestContractBrokerIT extends PostgresqlContract {

    @Override
    ChannelsBackend backend(String prefix) {
        return broker.backend("url", url(), "table-prefix", prefix);
    }

    @Test
    void runsOnVersion12() throws Exception {
        assertThat(broker.number("SHOW server_version_num")).isBetween(120_000L, 129_999L);
    }
}
