package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.clients.EchoCalls;
import dev.channels.testkit.Http;
import dev.channels.testkit.TcpProxy;
import dev.channels.testkit.Wars;
import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.MessageEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.ServerUnsubscribedEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client endpoint, by the Java SDK, which speaks Protobuf. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class SdkIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "sdk",
                        "channels.names=events,recover,server,again,room",
                        "channels.policy.room.channels=room",
                        "channels.policy.room.presence=permit-all",
                        "channels.policy.room.join-leave=true",
                        "channels.client-endpoint=true",
                        "channels.client-ping-interval=2s",
                        "channels.client-pong-timeout=1s",
                        "channels.memory.history=1000")
                .addPackage(EchoCalls.class.getPackage());
    }

    /** What one client has seen, as text. */
    private static final class Seen extends EventListener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(Client client, MessageEvent event) {
            events.add("message " + new String(event.getData(), StandardCharsets.UTF_8));
        }

        @Override
        public void onSubscribed(Client client, ServerSubscribedEvent event) {
            events.add("server subscribed");
        }

        @Override
        public void onUnsubscribed(Client client, ServerUnsubscribedEvent event) {
            events.add("server unsubscribed");
        }

        @Override
        public void onPublication(Client client, ServerPublicationEvent event) {
            events.add(new String(event.getData(), StandardCharsets.UTF_8));
        }

        @Override
        public void onDisconnected(Client client, DisconnectedEvent event) {
            events.add("disconnected " + event.getCode());
        }

        void awaits(String... expected) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(events).containsSubsequence(expected));
        }

        SubscriptionEventListener ofSubscription() {
            return new SubscriptionEventListener() {
                @Override
                public void onPublication(Subscription subscription, PublicationEvent event) {
                    events.add(new String(event.getData(), StandardCharsets.UTF_8));
                }

                @Override
                public void onSubscribed(Subscription subscription, SubscribedEvent event) {
                    events.add(
                            "subscribed"
                                    + (event.wasRecovering()
                                            ? " recovered " + event.getRecovered()
                                            : ""));
                }

                @Override
                public void onJoin(Subscription subscription, JoinEvent event) {
                    events.add("+");
                }

                @Override
                public void onLeave(Subscription subscription, LeaveEvent event) {
                    events.add("-");
                }

                @Override
                public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
                    events.add("unsubscribed " + event.getCode());
                }
            };
        }
    }

    private static Client client(URI uri, Seen seen) {
        Options options = new Options();
        options.setMinReconnectDelay(100);
        options.setMaxReconnectDelay(500);
        String path = uri.getPath().endsWith("/") ? uri.getPath() : uri.getPath() + "/";
        Client client =
                new Client(
                        "ws://"
                                + uri.getHost()
                                + ":"
                                + uri.getPort()
                                + path
                                + "connection/websocket",
                        options,
                        seen);
        client.connect();
        return client;
    }

    private void publish(String channel, int from, int to) throws Exception {
        Http.put(application, "connections?channel=" + channel + "&from=" + from + "&to=" + to);
    }

    private static SubscriptionOptions toldWhoComesAndGoes() {
        SubscriptionOptions options = new SubscriptionOptions();
        options.setJoinLeave(true);
        return options;
    }

    @Test
    void seesWhoIsThereWhoComesAndWhoGoes() throws Exception {
        Seen seen = new Seen();
        Client one = client(application, seen);
        try {
            Subscription room =
                    one.newSubscription("room", toldWhoComesAndGoes(), seen.ofSubscription());
            room.subscribe();
            seen.awaits("subscribed", "+");
            Seen other = new Seen();
            Client two = client(application, other);
            two.newSubscription("room", other.ofSubscription()).subscribe();
            seen.awaits("subscribed", "+", "+");
            CompletableFuture<PresenceResult> presence = new CompletableFuture<>();
            room.presence((error, result) -> presence.complete(result));
            assertThat(presence.get(30, TimeUnit.SECONDS).getClients()).hasSize(2);
            CompletableFuture<PresenceStatsResult> stats = new CompletableFuture<>();
            room.presenceStats((error, result) -> stats.complete(result));
            assertThat(stats.get(30, TimeUnit.SECONDS).getNumClients()).isEqualTo(2);
            assertThat(stats.join().getNumUsers()).isEqualTo(1);
            two.close(5000);
            seen.awaits("+", "+", "-");
            assertThat(other.events).doesNotContain("+", "-");
            publish("room", 1, 5);
            seen.awaits("5");
            CompletableFuture<HistoryResult> history = new CompletableFuture<>();
            room.history(
                    new HistoryOptions.Builder().withLimit(2).withReverse(true).build(),
                    (error, result) -> history.complete(result));
            assertThat(history.get(30, TimeUnit.SECONDS).getPublications())
                    .extracting(it -> new String(it.getData(), StandardCharsets.UTF_8))
                    .containsExactly("5", "4");
            assertThat(history.join().getOffset()).isEqualTo(5);
        } finally {
            one.close(5000);
        }
    }

    private static String[] numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @Test
    void subscribesAndCalls() throws Exception {
        Seen seen = new Seen();
        Client client = client(application, seen);
        try {
            Subscription subscription = client.newSubscription("events", seen.ofSubscription());
            subscription.subscribe();
            seen.awaits("subscribed");
            publish("events", 1, 500);
            seen.awaits(numbers(1, 500));
            assertThat(seen.events).hasSize(501);
            CompletableFuture<String> answer = new CompletableFuture<>();
            client.rpc(
                    "echo",
                    new byte[] {'h', 'i'},
                    (error, result) ->
                            answer.complete(new String(result.getData(), StandardCharsets.UTF_8)));
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("hi");
            CompletableFuture<Throwable> refusal = new CompletableFuture<>();
            client.publish("events", new byte[] {'1'}, (error, result) -> refusal.complete(error));
            assertThat(refusal.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            ReplyError.class, error -> assertThat(error.getCode()).isEqualTo(103));
            Http.post(application, "connections?do=send", "");
            seen.awaits("message [\"hello\"]");
            // For longer than two pings take, so that only one who answers them is still here.
            long begin = System.nanoTime();
            int last = 500;
            while (System.nanoTime() - begin < Duration.ofSeconds(5).toNanos()) {
                last++;
                publish("events", last, last);
                seen.awaits(Integer.toString(last - 1), Integer.toString(last));
            }
            assertThat(seen.events).filteredOn("subscribed"::equals).hasSize(1);
            subscription.unsubscribe();
            seen.awaits("unsubscribed 0");
        } finally {
            client.close(5000);
        }
    }

    @Test
    void losesNothingWhereTheConnectionIsCut() throws Exception {
        Seen seen = new Seen();
        try (TcpProxy proxy = new TcpProxy(application.getPort())) {
            URI through =
                    new URI(
                            application.getScheme(),
                            null,
                            "localhost",
                            proxy.port(),
                            application.getPath(),
                            null,
                            null);
            Client client = client(through, seen);
            try {
                client.newSubscription("recover", seen.ofSubscription()).subscribe();
                seen.awaits("subscribed");
                publish("recover", 1, 10);
                seen.awaits("10");
                proxy.cut();
                publish("recover", 11, 500);
                proxy.restore();
                seen.awaits("subscribed recovered true");
                publish("recover", 501, 510);
                seen.awaits("510");
                assertThat(seen.events)
                        .filteredOn(it -> !it.startsWith("sub"))
                        .containsExactly(numbers(1, 510));
            } finally {
                client.close(5000);
            }
        }
    }

    @Test
    void losesNothingOfWhatTheApplicationSubscribesItToAgain() throws Exception {
        Seen seen = new Seen();
        Client client = client(application, seen);
        try {
            await().atMost(LONG)
                    .until(() -> Http.get(application, "connections").body(), "1"::equals);
            Http.post(application, "connections?do=subscribe&channel=again", "");
            seen.awaits("server subscribed");
            publish("again", 1, 3);
            seen.awaits("3");
            Http.post(application, "connections?do=reconnect", "");
            seen.awaits("server unsubscribed");
            publish("again", 4, 200);
            Http.post(application, "connections?do=subscribe&channel=again", "");
            seen.awaits("server subscribed", "200");
            publish("again", 201, 201);
            seen.awaits("201");
            assertThat(seen.events)
                    .filteredOn(it -> it.matches("\\d+"))
                    .containsExactly(numbers(1, 201));
        } finally {
            client.close(5000);
        }
    }

    @Test
    void staysAwayWhereTheApplicationSaysSo() throws Exception {
        Seen seen = new Seen();
        Client client = client(application, seen);
        try {
            client.newSubscription("server", seen.ofSubscription()).subscribe();
            seen.awaits("subscribed");
            Http.post(application, "connections?do=disconnect", "");
            seen.awaits("disconnected 3503");
        } finally {
            client.close(5000);
        }
    }
}
