package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Outage;
import dev.channels.spi.contract.Promise;
import dev.channels.testkit.TcpProxy;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Publishing and reading through a container's data source; every second node only polls. */
final class PostgresqlDataSourceContractBrokerIT extends ChannelsBackendContract {

    private static PostgresqlBroker broker;
    private static TcpProxy proxy;
    private static JndiPool pool;

    private int nodes;

    @BeforeAll
    static void startBroker() {
        broker = new PostgresqlBroker();
        proxy = new TcpProxy(broker.port());
        pool = new JndiPool("java:comp/env/jdbc/channels", broker.url(proxy.port()));
    }

    @AfterAll
    static void stopBroker() {
        assertThat(pool.borrowed()).as("connections not given back").isZero();
        pool.close();
        proxy.close();
        broker.close();
    }

    @Override
    protected ChannelsBackend newBackend() {
        return newBackend("channels");
    }

    @Override
    protected Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(newBackend("other"));
    }

    private ChannelsBackend newBackend(String prefix) {
        var settings =
                broker.settings(
                        "data-source",
                        "java:comp/env/jdbc/channels",
                        "table-prefix",
                        prefix,
                        "poll-interval",
                        "20ms");
        settings.remove("url");
        if (nodes++ % 2 == 0) {
            settings.put("listen-url", broker.url(proxy.port()));
        }
        return PostgresqlBroker.backend(settings);
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
