package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Subscriber;
import dev.channels.spi.ChannelsBackend;
import dev.channels.test.LogCapture;
import dev.channels.test.OneStageEngine;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.Threads;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorLiteral;
import org.eclipse.microprofile.reactive.messaging.spi.IncomingConnectorFactory;
import org.eclipse.microprofile.reactive.messaging.spi.OutgoingConnectorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/** The connector of Reactive Messaging, as an implementation of it would use it. */
class ReactiveMessagingTest {

    private static final String IN = "mp.messaging.incoming.in.";
    private static final String OUT = "mp.messaging.outgoing.out.";

    /** What becomes of one message that is sent. */
    private static final class Sent {
        private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        private final CompletableFuture<Throwable> refused = new CompletableFuture<>();
        private final Message<Object> message;

        Sent(Object payload) {
            message =
                    Message.of(
                            payload,
                            () -> {
                                acknowledged.complete(null);
                                return acknowledged;
                            },
                            cause -> {
                                refused.complete(cause);
                                return CompletableFuture.completedFuture(null);
                            });
        }
    }

    /** Receives messages, and asks for them when it is told to. */
    private static final class Receiver implements org.reactivestreams.Subscriber<Message<?>> {
        private final Queue<Message<?>> messages = new ConcurrentLinkedQueue<>();
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private volatile @Nullable Subscription subscription;

        @Override
        public void onSubscribe(Subscription begun) {
            subscription = begun;
        }

        @Override
        public void onNext(Message<?> message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            ends.add("complete");
        }

        Receiver request(long number) {
            subscription.request(number);
            return this;
        }

        List<Message<?>> await(int number) {
            eventually(() -> messages.size() == number);
            return List.copyOf(messages);
        }

        List<Object> payloads(int number) {
            List<Object> payloads = new ArrayList<>();
            await(number).forEach(message -> payloads.add(message.getPayload()));
            return payloads;
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Threads.PATIENCE).until(condition);
    }

    private @Nullable Deployment it;

    @BeforeEach
    void noBackend() {
        Scripted.backend = new ScriptedBackend().willingToSubscribe();
    }

    @AfterEach
    void undeploy() {
        if (it != null) {
            it.close();
        }
    }

    /** Its end waits for no messages that a test leaves unacknowledged. */
    private void deploy(String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("shutdown-timeout=100ms");
        it = Deployment.of(all.toArray(String[]::new), Scripted.class);
    }

    private static Config attributes(String name) {
        return new SmallRyeConfigBuilder().withDefaultValue("channel-name", name).build();
    }

    private Receiver receive() {
        Publisher<? extends Message<?>> publisher =
                it.get(IncomingConnectorFactory.class, ConnectorLiteral.of("channels-ee"))
                        .getPublisherBuilder(attributes("in"))
                        .buildRs(new OneStageEngine());
        Receiver receiver = new Receiver();
        publisher.subscribe(receiver);
        return receiver;
    }

    @SuppressWarnings("unchecked")
    private org.reactivestreams.Subscriber<Message<?>> sender() {
        return (org.reactivestreams.Subscriber<Message<?>>)
                (org.reactivestreams.Subscriber<?>)
                        it.get(OutgoingConnectorFactory.class, ConnectorLiteral.of("channels-ee"))
                                .getSubscriberBuilder(attributes("out"))
                                .build(new OneStageEngine());
    }

    private void publish(Object... all) {
        for (Object data : all) {
            it.plugin().waitPublished(data, "in").toCompletableFuture().join();
        }
    }

    // ---- In

    @Test
    void eventsComeAsFarAsTheyAreAskedFor() {
        deploy("names=in", IN + "connector=channels-ee");
        Receiver receiver = receive().request(2);
        publish("1", "2", "3");
        assertThat(receiver.payloads(2)).containsExactly("1", "2");
        receiver.request(1);
        assertThat(receiver.payloads(3)).containsExactly("1", "2", "3");
    }

    @Test
    void noMoreAreInFlightThanMayBe() {
        deploy("names=in", IN + "connector=channels-ee", IN + "max-in-flight=2");
        Receiver receiver = receive().request(Long.MAX_VALUE);
        publish("1", "2", "3", "4");
        List<Message<?>> first = receiver.await(2);
        first.get(0).ack();
        first.get(0).ack();
        first.get(0).nack(new IllegalStateException("after its acknowledgement"));
        assertThat(receiver.payloads(3)).containsExactly("1", "2", "3");
        first.get(1).ack();
        assertThat(receiver.payloads(4)).containsExactly("1", "2", "3", "4");
        assertThat(it.plugin().statistics().skipped()).isZero();
    }

    @Test
    void messageThatIsRefusedIsSkippedAndLogged() {
        try (LogCapture log = new LogCapture()) {
            deploy("names=in", IN + "connector=channels-ee", IN + "max-in-flight=1");
            Receiver receiver = receive().request(Long.MAX_VALUE);
            publish("1", "2");
            receiver.await(1).get(0).nack(new IllegalStateException("cannot use it"));
            assertThat(receiver.payloads(2)).containsExactly("1", "2");
            assertThat(it.plugin().statistics().skipped()).isEqualTo(1);
            eventually(() -> log.messages("CHANNELS0016").size() == 1);
            assertThat(log.messages("CHANNELS0016").get(0))
                    .contains("incoming channel in of Reactive Messaging");
        }
    }

    @Test
    void cancelEndsTheSubscriptionWhateverIsInFlight() {
        deploy("names=in", IN + "connector=channels-ee", IN + "max-in-flight=1");
        Receiver receiver = receive().request(Long.MAX_VALUE);
        publish("1", "2");
        receiver.await(1);
        receiver.subscription.cancel();
        eventually(() -> it.plugin().statistics().subscribers() == 0);
        assertThat(receiver.messages).hasSize(1);
        assertThat(receiver.ends).isEmpty();
    }

    @Test
    void streamIsCompleteWhenTheApplicationStops() {
        deploy("names=in", IN + "connector=channels-ee");
        Receiver receiver = receive().request(Long.MAX_VALUE);
        publish("1");
        receiver.await(1).get(0).ack();
        it.close();
        it = null;
        eventually(() -> receiver.ends.equals(List.of("complete")));
    }

    @Test
    void requestOfNothingEndsTheStream() {
        deploy("names=in", IN + "connector=channels-ee");
        Receiver receiver = receive().request(0);
        eventually(() -> receiver.ends.size() == 1);
        assertThat(receiver.ends.get(0)).contains("rule 3.9");
        eventually(() -> it.plugin().statistics().subscribers() == 0);
    }

    @Test
    void historyComesFirst() {
        deploy(
                "names=prices",
                "memory.history=10",
                IN + "connector=channels-ee",
                IN + "channel=prices",
                IN + "history=2",
                IN + "payload=event");
        for (String data : List.of("1", "2", "3")) {
            it.plugin().waitPublished(data, "prices").toCompletableFuture().join();
        }
        List<Object> payloads = receive().request(Long.MAX_VALUE).payloads(2);
        assertThat(payloads)
                .extracting(payload -> ((ChannelEvent) payload).position().offset())
                .containsExactly(2L, 3L);
    }

    @Test
    void streamGoesOnAfterAPosition() {
        deploy("names=in", "backend=scripted", IN + "connector=channels-ee", IN + "start=epoch:5");
        receive().request(1);
        eventually(
                () ->
                        Scripted.backend.historyCalls.stream()
                                .anyMatch(call -> call.startsWith("in after epoch:5 ")));
    }

    /** What JSON-B makes. */
    public static class Price {
        public int cents;
    }

    @Test
    void payloadIsAnObject() {
        deploy(
                "names=in",
                "mp.messaging.connector.channels-ee.payload=" + Price.class.getName(),
                IN + "connector=channels-ee");
        Receiver receiver = receive().request(1);
        publish("no JSON", Map.of("cents", 7));
        assertThat(receiver.payloads(1))
                .extracting(payload -> ((Price) payload).cents)
                .containsExactly(7);
        assertThat(it.plugin().statistics().skipped()).isEqualTo(1);
    }

    @Test
    void payloadIsBytes() {
        deploy("names=in", IN + "connector=channels-ee", IN + "payload=bytes");
        Receiver receiver = receive().request(1);
        publish("x");
        assertThat(receiver.payloads(1)).containsExactly(new byte[] {'x'});
    }

    @Test
    void gapsComeInTheirPlaceToWhoTakesTheWholeStream() {
        deploy(
                "names=in",
                "backend=scripted",
                IN + "connector=channels-ee",
                IN + "payload=delivery");
        Receiver receiver = receive().request(Long.MAX_VALUE);
        assertThat(receiver.payloads(1).get(0)).isInstanceOf(Joined.class);
        Scripted.backend.deliver("in", 1, 1);
        Scripted.backend.sink().gap("in");
        Scripted.backend.deliver("in", 5, 5);
        List<Object> payloads = receiver.payloads(4);
        assertThat(payloads.get(2)).isEqualTo(new Gap("in", Gap.Cause.BROKER));
        assertThat(payloads.get(3)).isInstanceOf(ChannelEvent.class);
    }

    // ---- Out

    /** Asks for as many messages as it is asked for. */
    private static final class Upstream implements Subscription {
        private final AtomicLong requested = new AtomicLong();
        private final AtomicInteger cancels = new AtomicInteger();

        @Override
        public void request(long number) {
            requested.addAndGet(number);
        }

        @Override
        public void cancel() {
            cancels.incrementAndGet();
        }
    }

    /** A broker that accepts when it is told to. */
    @Dependent
    public static class Scripted {
        private static ScriptedBackend backend = new ScriptedBackend();

        @Produces
        @Named("scripted")
        ChannelsBackend backend() {
            return backend;
        }
    }

    @Test
    void messageIsAcknowledgedWhenTheBrokerHasAcceptedIt() throws Exception {
        deploy(
                "names=out",
                "backend=scripted",
                OUT + "connector=channels-ee",
                OUT + "max-in-flight=3");
        org.reactivestreams.Subscriber<Message<?>> sender = sender();
        Upstream upstream = new Upstream();
        sender.onSubscribe(upstream);
        assertThat(upstream.requested).hasValue(3);
        Sent sent = new Sent("x");
        sender.onNext(sent.message);
        ScriptedBackend.Call call = Scripted.backend.take();
        assertThat(sent.acknowledged).isNotDone();
        assertThat(upstream.requested).hasValue(3);
        call.complete();
        sent.acknowledged.get(30, TimeUnit.SECONDS);
        eventually(() -> upstream.requested.get() == 4);
    }

    @Test
    void messageIsRefusedWhenTheBrokerHasNotAcceptedIt() throws Exception {
        deploy("names=out", "backend=scripted", OUT + "connector=channels-ee");
        org.reactivestreams.Subscriber<Message<?>> sender = sender();
        Upstream upstream = new Upstream();
        sender.onSubscribe(upstream);
        Sent sent = new Sent("x");
        sender.onNext(sent.message);
        Scripted.backend.take().fail(new IllegalStateException("no"));
        assertThat(sent.refused.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PUBLISH_FAILED));
        eventually(() -> upstream.requested.get() == 101);
        assertThat(sent.acknowledged).isNotDone();
    }

    /** Cannot be encoded. */
    public static class Broken {
        public int getValue() {
            throw new IllegalStateException("no value");
        }
    }

    @Test
    void messageThatCannotBeEncodedIsRefused() throws Exception {
        deploy("names=prices", OUT + "connector=channels-ee", OUT + "channel=prices");
        org.reactivestreams.Subscriber<Message<?>> sender = sender();
        sender.onSubscribe(new Upstream());
        Subscriber subscriber = it.plugin().subscribe("prices");
        Sent broken = new Sent(new Broken());
        Sent whole = new Sent("x");
        sender.onNext(broken.message);
        sender.onNext(whole.message);
        assertThat(broken.refused.get(30, TimeUnit.SECONDS)).hasMessageStartingWith("CHANNELS0005");
        whole.acknowledged.get(30, TimeUnit.SECONDS);
        assertThat(subscriber.poll(Duration.ofSeconds(30)).text()).isEqualTo("x");
    }

    @Test
    void eventIsPublishedAgainWithItsHeaders() {
        deploy("names=out", OUT + "connector=channels-ee");
        org.reactivestreams.Subscriber<Message<?>> sender = sender();
        sender.onSubscribe(new Upstream());
        Subscriber subscriber = it.plugin().subscribe("out");
        it.plugin().publish("x", Map.of("who", "me"), List.of("out"));
        sender.onNext(new Sent(subscriber.poll(Duration.ofSeconds(30))).message);
        ChannelEvent again = subscriber.poll(Duration.ofSeconds(30));
        assertThat(again.text()).isEqualTo("x");
        assertThat(again.headers()).containsEntry("who", "me");
    }

    @Test
    void secondUpstreamIsCancelled() {
        deploy("names=out", OUT + "connector=channels-ee");
        org.reactivestreams.Subscriber<Message<?>> sender = sender();
        sender.onSubscribe(new Upstream());
        Upstream second = new Upstream();
        sender.onSubscribe(second);
        assertThat(second.cancels).hasValue(1);
        assertThat(second.requested).hasValue(0);
    }

    // ---- What cannot work

    @Test
    void whatIsWrongFailsTheDeployment() {
        String message =
                Deployment.failure(
                        "names=prices",
                        IN + "connector=channels-ee",
                        IN + "history=1",
                        IN + "start=never",
                        IN + "payload=com.example.Missing",
                        IN + "max-in-flight=0",
                        OUT + "connector=channels-ee",
                        OUT + "chanel=prices",
                        "mp.messaging.outgoing.other.connector=smallrye-kafka",
                        "mp.messaging.outgoing.other.channel=a/b");
        assertThat(message)
                .contains(
                        IN + "channel = 'in'",
                        "the channel is not declared. Add it, or a family such as order-*, to"
                                + " channels.names, or name another one here.",
                        "it contradicts " + IN + "history",
                        IN + "start = 'never'",
                        "it is no position. Write the position of an event (epoch:offset)",
                        IN + "payload = 'com.example.Missing'",
                        "the class cannot be loaded",
                        IN + "max-in-flight = '0'",
                        OUT + "chanel = 'prices'",
                        "Did you mean " + OUT + "channel?")
                .doesNotContain("a/b");
    }
}
