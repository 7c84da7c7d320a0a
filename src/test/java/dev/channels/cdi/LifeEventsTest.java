package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Caller;
import dev.channels.cdi.PluginInWeldSeTest.AcmeBackend;
import dev.channels.cdi.PluginInWeldSeTest.NamedBackend;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.connection.OpenConnections;
import dev.channels.endpoint.request.Handshake;
import dev.channels.event.BrokerLost;
import dev.channels.event.LifeEvent;
import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to a node, as events of CDI. */
class LifeEventsTest {

    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final Caller ANN = new Caller("ann", Set.of(), null, null);

    /** Observes everything. */
    @ApplicationScoped
    public static class All {
        void all(@ObservesAsync LifeEvent event) {
            SEEN.add(
                    event.toString()
                            .replaceAll("caller=Caller\\[name=(\\w*).*?null]", "$1")
                            .replace("door=plain, ,", "door=plain, anonymous,")
                            .replace("door=plain, ]", "door=plain, anonymous]"));
        }
    }

    /** Observes one kind, and throws. */
    @ApplicationScoped
    public static class Lost {
        void lost(@ObservesAsync BrokerLost event) {
            SEEN.add("lost: " + event.cause().getMessage());
            throw new IllegalStateException("an observer of the application");
        }
    }

    private static final class Connection implements OpenConnection {
        private final String id;

        Connection(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Health look(long now, Executor asking) {
            return Health.FINE;
        }

        @Override
        public void giveUp(Ending ending) {}

        @Override
        public void close() {}

        @Override
        public boolean isConnected() {
            return false;
        }

        @Override
        public void terminate() {}
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static OpenConnections connections(Deployment it) {
        return it.get(ChannelsExtension.class).application().doors().shared().connections();
    }

    private static Handshake handshake(String door, String channel, Caller caller) {
        return new Handshake(door, channel, caller, null, new Object());
    }

    private static void awaitSeen(String... events) {
        await().atMost(Threads.PATIENCE)
                .untilAsserted(() -> assertThat(SEEN).hasSize(events.length));
        assertThat(SEEN).containsExactly(events);
    }

    @Test
    void outagesAndGapsAreToldInOrder() {
        try (Deployment it =
                Deployment.of(
                        new String[] {"names=a", "backend=acme"}, NamedBackend.class, All.class)) {
            it.plugin().subscribe("a");
            AcmeBackend.sink.disconnected(new IllegalStateException("away"));
            AcmeBackend.sink.connected();
            AcmeBackend.sink.gap("a");
            awaitSeen(
                    "BrokerLost[cause=java.lang.IllegalStateException: away]",
                    "BrokerBack[]",
                    "EventsLost[channel=a]");
        }
    }

    @Test
    void onlyTheKindThatIsObservedIsToldAndAnObserverThatThrowsHarmsNobody() {
        try (LogCapture log = new LogCapture();
                Deployment it =
                        Deployment.of(
                                new String[] {"names=a", "backend=acme"},
                                NamedBackend.class,
                                Lost.class)) {
            for (String cause : List.of("1", "2")) {
                AcmeBackend.sink.disconnected(new IllegalStateException(cause));
                AcmeBackend.sink.connected();
            }
            awaitSeen("lost: 1", "lost: 2");
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(() -> assertThat(log.messages("CHANNELS0018")).hasSize(1));
            assertThat(log.messages("CHANNELS0018").get(0)).contains("BrokerLost");
        }
    }

    @Test
    void clientsAreToldWhenTheyAreKnownAndWhenTheyAreGone() {
        try (Deployment it = Deployment.of(new String[] {"names=a"}, All.class)) {
            OpenConnections connections = connections(it);
            Connection plain = new Connection("1");
            connections.add(plain, handshake("plain", "a", Caller.ANONYMOUS));
            connections.remove(plain);
            Connection named = new Connection("2");
            connections.addUnnamed(named, handshake("client", null, Caller.ANONYMOUS));
            connections.identify(named, ANN);
            connections.letIn(named, ANN);
            connections.letIn(named, ANN);
            connections.giveUp(named, Ending.NOT_READING);
            Connection never = new Connection("3");
            connections.addUnnamed(never, handshake("client", null, Caller.ANONYMOUS));
            connections.identify(never, ANN);
            connections.remove(never);
            Connection gone = new Connection("4");
            connections.add(gone, handshake("sse", null, ANN));
            connections.giveUp(gone, Ending.GONE);
            awaitSeen(
                    "ClientConnected[client=1, door=plain, anonymous]",
                    "ClientDisconnected[client=1, door=plain, anonymous, reason=null]",
                    "ClientConnected[client=2, door=client, ann]",
                    "ClientDisconnected[client=2, door=client, ann, reason=The client does not"
                            + " read]",
                    "ClientConnected[client=4, door=sse, ann]",
                    "ClientDisconnected[client=4, door=sse, ann, reason=null]");
        }
    }

    @Test
    void whatClientsSubscribeToIsToldOnceAndBeforeTheyAreGone() {
        try (Deployment it = Deployment.of(new String[] {"names=a,b"}, All.class)) {
            OpenConnections connections = connections(it);
            Connection client = new Connection("1");
            connections.subscribed(client, "a");
            connections.add(client, handshake("client", null, ANN));
            connections.subscribed(client, "a");
            connections.subscribed(client, "a");
            connections.subscribed(client, "b");
            connections.unfollow(client, "a");
            connections.unfollow(client, "a");
            connections.remove(client, new Ending(3008, "slow"));
            connections.subscribed(client, "a");
            connections.remove(client);
            awaitSeen(
                    "ClientConnected[client=1, door=client, ann]",
                    "ClientSubscribed[client=1, door=client, ann, channel=a]",
                    "ClientSubscribed[client=1, door=client, ann, channel=b]",
                    "ClientUnsubscribed[client=1, door=client, ann, channel=a]",
                    "ClientUnsubscribed[client=1, door=client, ann, channel=b]",
                    "ClientDisconnected[client=1, door=client, ann, reason=slow]");
        }
    }
}
