package dev.channels.backend.postgresql;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Outage;
import dev.channels.spi.contract.Promise;
import dev.channels.testkit.TcpProxy;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class PostgresqlContractBrokerIT extends ChannelsBackendContract {

    private static PostgresqlBroker broker;
    private static TcpProxy proxy;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
        proxy = new TcpProxy(broker.port());
    }

    @AfterAll
    static void stopBroker() {
        proxy.close();
        broker.close();
    }

    @Override
    protected ChannelsBackend newBackend() {
        return broker.backend("url", broker.url(proxy.port()));
    }

    @Override
    protected Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(broker.backend("table-prefix", "Channels"));
    }

    @Override
    protected Promise promise() {
        return Promise.once(1_000);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new ProxyOutage(proxy));
    }
}
