package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.matrix.TestedBroker;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Outage;
import dev.channels.spi.contract.Promise;
import dev.channels.testkit.TcpProxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/** The contract of all backends on a PostgreSQL behind a proxy. */
abstract class PostgresqlContract extends ChannelsBackendContract {

    /** Of the test class that runs. */
    static PostgresqlBroker broker;

    private static TcpProxy proxy;

    @BeforeAll
    static void startBroker(TestInfo test) throws Exception {
        OnServer on = test.getTestClass().orElseThrow().getAnnotation(OnServer.class);
        broker = on == null ? new PostgresqlBroker() : new PostgresqlBroker(on.value());
        proxy = new TcpProxy(broker.port());
        long version = broker.number("SHOW server_version_num");
        if (on != null) {
            assertThat(String.valueOf(version)).startsWith(on.value().replace("oldest", "12"));
        }
        TestedBroker.note(
                test.getTestClass().orElseThrow().getName(),
                "PostgreSQL " + version / 10_000 + "." + version % 10_000);
    }

    @AfterAll
    static void stopBroker() {
        proxy.close();
        broker.close();
    }

    static String url() {
        return broker.url(proxyPort());
    }

    static int proxyPort() {
        return proxy.port();
    }

    /** Returns what a node is configured with. */
    abstract Map<String, String> settings(String prefix);

    private ChannelsBackend backend(String prefix, ChannelRules<BackendSettings> policies) {
        return PostgresqlBroker.backend(settings(prefix), policies);
    }

    @Override
    protected final ChannelsBackend newBackend() {
        return backend("channels", ChannelRules.none());
    }

    @Override
    protected final Optional<ChannelsBackend> newBackend(ChannelRules<BackendSettings> policies) {
        return Optional.of(backend("channels", policies));
    }

    @Override
    protected final Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(backend("Channels", ChannelRules.none()));
    }

    @Override
    protected final Promise promise() {
        return Promise.once(1_000);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new ProxyOutage(proxy));
    }

    @Override
    protected boolean keepsPresence() {
        return true;
    }
}
