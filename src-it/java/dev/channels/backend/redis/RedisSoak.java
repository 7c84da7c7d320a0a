package dev.channels.backend.redis;

import dev.channels.spi.BackendFactory;
import dev.channels.testkit.History.Signal;
import dev.channels.testkit.History.Verdict;
import dev.channels.testkit.NodesUnderLoad;
import dev.channels.testkit.Soak;
import dev.channels.testkit.Soak.Fault;
import dev.channels.testkit.TcpProxy;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Many outages in a row; no part of the build, run by its profile. */
final class RedisSoak {

    @Test
    void pubSub() throws Exception {
        soak(new RedisPubSubBackendFactory(), Signal.OUTAGE, Verdict::isOrderly);
    }

    @Test
    void streams() throws Exception {
        soak(new RedisStreamsBackendFactory(), Signal.GAP, Verdict::isClean);
    }

    private static void soak(BackendFactory factory, Signal signal, Predicate<Verdict> good)
            throws Exception {
        try (RedisBroker broker = new RedisBroker();
                TcpProxy proxy = new TcpProxy(broker.port());
                NodesUnderLoad nodes =
                        new NodesUnderLoad(
                                signal,
                                List.of(
                                        settings(broker.port()).create(factory),
                                        settings(proxy.port()).create(factory)))) {
            new Soak(factory.name(), nodes, good)
                    .run(
                            Fault.kill("CLIENT KILL", broker::killClients),
                            Fault.crash(broker::kill, broker::start),
                            Fault.cut(proxy),
                            Fault.halfOpen(proxy));
        }
    }

    private static MapSettings settings(int port) {
        return new MapSettings()
                .with("uri", "redis://127.0.0.1:" + port)
                .with("command-timeout", 1_000)
                .with("heartbeat", 500)
                .with("history", 50_000)
                .with("reconnect-max-delay", 500);
    }
}
