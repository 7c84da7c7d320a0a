package dev.channels.backend.postgresql;

import dev.channels.spi.ChannelsBackend;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.Soak;
import dev.channels.testkit.Soak.Fault;
import dev.channels.testkit.TcpProxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many outages in a row; no part of the build, run by its profile. */
final class PostgresqlSoak {

    private static final String TERMINATE =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE application_name = 'channels-ee'";

    @Test
    void postgresql() throws Exception {
        try (PostgresqlBroker broker = new PostgresqlBroker();
                TcpProxy proxy = new TcpProxy(broker.port());
                NodesUnderLoad nodes =
                        new NodesUnderLoad(
                                Signal.GAP,
                                List.of(
                                        backend(broker, broker.port()),
                                        backend(broker, proxy.port())))) {
            new Soak("postgresql", nodes, Verdict::isClean)
                    .run(
                            Fault.kill("pg_terminate_backend", () -> broker.number(TERMINATE)),
                            Fault.crash(broker::crash, broker::start),
                            Fault.cut(proxy),
                            Fault.halfOpen(proxy));
        }
    }

    private static ChannelsBackend backend(PostgresqlBroker broker, int port) {
        return broker.backend("url", broker.url(port), "history", "50000", "connect-timeout", "1s");
    }
}
