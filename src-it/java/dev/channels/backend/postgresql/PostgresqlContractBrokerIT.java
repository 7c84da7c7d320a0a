package dev.channels.backend.postgresql;

import dev.channels.spi.ChannelsBackend;

final class PostgresqlContractBrokerIT extends PostgresqlContract {

    @Override
    ChannelsBackend backend(String prefix) {
        return broker.backend("url", url(), "table-prefix", prefix);
    }
}
