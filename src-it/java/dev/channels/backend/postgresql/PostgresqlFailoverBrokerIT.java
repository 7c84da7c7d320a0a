package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.Publication;
import dev.channels.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A standby takes over that lacks the newest events. */
final class PostgresqlFailoverBrokerIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aStandbyThatTakesOverIsAGapOnEveryChannelAndLosesNothingNew() throws Exception {
        try (PostgresqlBroker primary = new PostgresqlBroker();
                TcpProxy replication = new TcpProxy(primary.port());
                PostgresqlBroker standby = primary.standby(replication.port());
                TcpProxy proxy = new TcpProxy(standby.port());
                PostgresqlNode node =
                        PostgresqlNode.started(
                                primary.backend("url", url(proxy.port(), primary.port())))) {
            node.subscribe("a", "quiet");
            node.publish("quiet", "0");
            node.publish("a", "1", "2");
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> standby.number("SELECT count(*) FROM channels_event") == 3);
            replication.cut();
            node.publish("a", "3", "4", "5");
            Position last = node.sink.awaitEvents("a", 5).get(4).position();
            proxy.cut();
            primary.crash();
            standby.execute("SELECT pg_promote()");
            try (PostgresqlNode other = PostgresqlNode.started(standby.backend())) {
                // They get the offsets of those that the standby lacks, and one more.
                other.publish("a", "6", "7", "8", "9");
            }
            proxy.restore();
            assertThat(node.sink.awaitTexts("a", 9)).endsWith("5", "6", "7", "8", "9");
            await().atMost(LONG).until(() -> node.sink.gaps() == 2);
            await().atMost(LONG).until(() -> node.sink.connections() == node.sink.disconnections());
            // A connection that was looked at while its server died may show it only when it is
            // used.
            List<Publication> late = node.batch("quiet", "1");
            await().atMost(LONG).until(() -> node.isAccepted(late));
            assertThat(node.sink.awaitTexts("quiet", 2)).containsExactly("0", "1");
            assertThat(node.sink.gaps()).isEqualTo(2);
            assertThat(PostgresqlNode.join(node.history().last("a", 10)).events())
                    .extracting(ChannelEvent::text)
                    .containsExactly("1", "2", "6", "7", "8", "9");
            assertThat(PostgresqlNode.join(node.history().after("a", last, -1)).gap()).isTrue();
        }
    }

    private static String url(int port, int otherPort) {
        return "jdbc:postgresql://localhost:%d,localhost:%d/postgres".formatted(port, otherPort);
    }
}
