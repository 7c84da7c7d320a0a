package dev.channels.backend.postgresql;

import dev.channels.spi.ChannelsBackend;

/** Without prepared statements, as behind many a pooler and proxy. */
final class PostgresqlSimpleQueryContractBrokerIT extends PostgresqlContract {

    @Override
    ChannelsBackend backend(String prefix) {
        return broker.backend("url", url() + "?preferQueryMode=simple", "table-prefix", prefix);
    }
}
