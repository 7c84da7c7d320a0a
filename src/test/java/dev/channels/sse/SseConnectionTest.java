package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.BacklogStrategy;
import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresentClient;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.NodeWithDoors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.endpoint.connection.RecordingListener;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.Policies;
import dev.channels.endpoint.policy.Policy;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.write.FakeRemote;
import dev.channels.internal.node.ChannelsNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Responses on a node with the memory backend; only the server is missing. */
class SseConnectionTest {

    private static final Access EVERYBODY = new Access(List.of("permit-all"));
    private static final Access NOBODY = new Access(List.of("deny-all"));
    private static final Policies POLICIES =
            new Policies(
                    List.of(
                            new Policy(List.of("room"), EVERYBODY, NOBODY, EVERYBODY, false, true),
                            new Policy(
                                    List.of("fleeting"), EVERYBODY, NOBODY, NOBODY, false, false)));
    private static final Set<String> CHANNELS = Set.of("a", "b", "room", "fleeting");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private FakeRemote remote = new FakeRemote();
    private NodeWithDoors open;
    private RecordingListener listener;
    private ChannelsNode node;
    private Doors doors;

    @BeforeEach
    void start() throws Exception {
        open = new NodeWithDoors(CHANNELS, POLICIES, BacklogStrategy.BACKOFF, Duration.ofHours(1));
        listener = open.listener;
        node = open.node;
        doors = open.doors;
    }

    @AfterEach
    void stop() {
        open.close();
    }

    private SseConnection open(String query) throws Exception {
        SseConnection connection = make(query);
        connection.begin();
        return connection;
    }

    private SseConnection make(String query) throws Exception {
        remote = new FakeRemote();
        remote.endsAtOnce = true;
        return new SseConnection(
                doors,
                new SseSettings("/sse", 10, Duration.ofSeconds(25)),
                SseQuery.of(query, null, 10),
                new Handshake("sse", null, Caller.named("alice"), null, this),
                remote);
    }

    private void publish(String data, String channel) {
        node.waitPublished(data, channel).toCompletableFuture().join();
    }

    private void awaits(String written) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(remote.all()).contains(written));
    }

    @Test
    void clientIsToldWhenToComeBackAndWhereItStands() throws Exception {
        publish("1", "a");
        open("channel=a");
        awaits("/a:1\nevent: joined\ndata: a\n\n");
        publish("2", "a");
        awaits("/a:2\nevent: a\ndata: 2\n\n");
        assertThat(remote.all()).startsWith("retry: ").doesNotContain("data: 1");
    }

    @Test
    void channelsBeginWhereTheClientStandsOrWithHistory() throws Exception {
        for (String data : List.of("1", "2", "3")) {
            publish(data, "a");
            publish(data, "b");
        }
        open("channel=a");
        awaits("/a:3");
        String epoch = remote.all().replaceFirst("(?s).*id: (.*)/a:3.*", "$1");
        open("channel=a&channel=b&history=1&lastEventId=" + epoch + "/a:1");
        awaits("event: a\ndata: 3\n\n");
        awaits("event: b\ndata: 3\n\n");
        assertThat(remote.all())
                .contains("event: a\ndata: 2\n\n")
                .doesNotContain("event: a\ndata: 1\n\n")
                .doesNotContain("event: b\ndata: 2\n\n")
                .doesNotContain("gap");
    }

    @Test
    void clientsMayNotResumeWhereAPolicySaysSo() throws Exception {
        publish("1", "fleeting");
        open("channel=fleeting&history=-1&lastEventId=e/fleeting:1");
        awaits("data: 1\n\n");
        assertThat(remote.all()).doesNotContain("id:").doesNotContain("gap");
    }

    @Test
    void silenceIsBrokenByOneComment() throws Exception {
        SseConnection connection = open("channel=a");
        awaits("id: ");
        await().until(() -> connection.look(System.nanoTime(), Runnable::run) == Health.FINE);
        assertThat(remote.all()).doesNotContain(":\n\n:");
        long later = System.nanoTime() + 26 * SECOND;
        await().untilAsserted(
                        () -> {
                            assertThat(connection.look(later, Runnable::run))
                                    .isEqualTo(Health.FINE);
                            assertThat(remote.all()).contains("\n\n:\n\n");
                        });
    }

    @Test
    void responseThatIsNotReadOrNotThereIsFound() throws Exception {
        SseConnection connection = open("channel=a");
        awaits("id: ");
        remote.endsAtOnce = false;
        publish("1", "a");
        awaits("data: 1");
        assertThat(connection.look(System.nanoTime(), Runnable::run)).isEqualTo(Health.FINE);
        assertThat(connection.look(System.nanoTime() + 3601 * SECOND, Runnable::run))
                .isEqualTo(Health.STUCK);
        remote.isOpen = false;
        assertThat(connection.look(System.nanoTime(), Runnable::run)).isEqualTo(Health.GONE);
    }

    @Test
    void nothingIsLeftOfAResponseThatWasGivenUp() throws Exception {
        SseConnection connection = open("channel=a");
        awaits("id: ");
        assertThat(doors.connections().size()).isEqualTo(1);
        doors.connections().giveUp(connection, Ending.CALLER);
        await().until(() -> node.statistics().subscribers() == 0);
        await().until(() -> remote.closed == 1);
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void clientWhoComesWhenTheStopHasBegunIsSentAwayForAWhile() throws Exception {
        doors.connections().drain(Duration.ZERO);
        open("channel=a");
        await().until(() -> remote.closed == 1);
        assertThat(remote.all()).matches("retry: [123]\\d{3}\n\n");
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void stopSendsClientsAwayForAWhile() throws Exception {
        open("channel=a");
        awaits("id: ");
        node.stop();
        await().until(() -> remote.closed == 1);
        assertThat(remote.all()).matches("(?s).*\nretry: [123]\\d{3}\n\n");
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void clientThatIsSentAwayBeforeAStopIsToldWhenToComeBack() throws Exception {
        SseConnection connection = open("channel=a");
        awaits("id: ");
        doors.connections().giveUp(connection, Ending.STOPPING);
        await().until(() -> remote.closed == 1);
        assertThat(remote.all()).matches("(?s).*\nretry: [123]\\d{3}\n\n");
        await().until(() -> node.statistics().subscribers() == 0);
        assertThat(doors.connections().size()).isZero();
    }

    @Test
    void responseThatIsGivenUpWhileItPartsIsClosed() throws Exception {
        SseConnection connection = make("channel=a");
        connection.giveUp(Ending.STOPPING);
        connection.giveUp(Ending.CALLER);
        connection.close();
        connection.close();
        assertThat(remote.closed).isEqualTo(1);
    }

    @Test
    void whatTheReaderDoesIsTold() throws Exception {
        SseConnection connection = open("channel=a&channel=b");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(listener.told)
                                        .containsExactlyInAnyOrder(
                                                "alice came", "subscribed a", "subscribed b"));
        doors.connections().giveUp(connection, Ending.NOT_READING);
        assertThat(listener.told.subList(3, 6))
                .contains("unsubscribed a", "unsubscribed b")
                .endsWith("alice left: The client does not read");
    }

    @Test
    void whyTheStreamOfAReaderEndsIsTold() throws Exception {
        SseConnection connection = open("channel=a");
        connection.ends(new ChannelsException(ErrorCode.EVENTS_DROPPED, "for a test"));
        remote.owner().failed(new IOException("for a test"));
        assertThat(listener.told).endsWith("alice left: The client reads too slowly");
    }

    @Test
    void readerIsAmongThoseWhoAreThere() throws Exception {
        SseConnection connection = open("channel=room&channel=a");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(present()).containsExactly("alice"));
        doors.connections().giveUp(connection, Ending.CALLER);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(present()).isEmpty());
    }

    private List<String> present() {
        return node.presence("room").toCompletableFuture().join().stream()
                .map(PresentClient::user)
                .toList();
    }
}
