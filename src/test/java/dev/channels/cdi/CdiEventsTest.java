package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.event.FromChannel;
import dev.channels.event.ToChannel;
import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events of CDI that become events of channels, and the other way round. */
class CdiEventsTest {

    /** What is fired and observed. */
    public record Order(int id, String state) {}

    /** What JSON-B makes. */
    public static class Seen {
        public int id;
        public String state;
    }

    private static List<String> texts(ChannelsPlugin plugin, String channel) throws Exception {
        plugin.waitPublished("end", channel).toCompletableFuture().get(30, TimeUnit.SECONDS);
        Subscriber subscriber = plugin.subscribe(List.of(channel), -1);
        plugin.unsubscribe(subscriber);
        List<String> texts = new ArrayList<>();
        subscriber.iterEvents().forEach(event -> texts.add(event.text()));
        return texts;
    }

    // ---- Out

    /** Fires. */
    @ApplicationScoped
    public static class Desk {
        @Inject
        @ToChannel("a")
        Event<Object> events;

        @Inject
        @ToChannel("order-{id}-{state}")
        Event<Order> orders;

        @Inject
        @ToChannel(value = "a", afterCommit = true)
        Event<String> afterCommit;

        Event<Object> events() {
            return events;
        }

        Event<Order> orders() {
            return orders;
        }

        Event<String> afterCommit() {
            return afterCommit;
        }
    }

    private static final String[] OUT = {"names=a,b,order-*", "memory.history=10"};

    @Test
    void whatIsFiredIsPublished() throws Exception {
        try (Deployment it = Deployment.of(OUT, Desk.class)) {
            Desk desk = it.get(Desk.class);
            desk.events().fire("text");
            desk.events().fire(new byte[] {'x'});
            desk.events().fire(new Order(7, "new"));
            desk.events().fireAsync("async").toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(texts(it.plugin(), "a"))
                    .containsExactly("text", "x", "{\"id\":7,\"state\":\"new\"}", "async", "end");
        }
    }

    @Test
    void nameMayHavePropertiesOfWhatIsFired() throws Exception {
        try (Deployment it = Deployment.of(OUT, Desk.class)) {
            it.get(Desk.class).orders().fire(new Order(7, "new"));
            it.get(Desk.class).orders().fire(new Order(8, "$1"));
            assertThat(texts(it.plugin(), "order-7-new")).hasSize(2);
            assertThat(texts(it.plugin(), "order-8-$1")).hasSize(2);
            assertThatThrownBy(() -> it.get(Desk.class).orders().fire(new Order(7, null)))
                    .isInstanceOfSatisfying(
                            ChannelsException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_ENCODABLE))
                    .hasMessageContaining("state: it is null");
            assertThatThrownBy(() -> it.get(Desk.class).orders().fire(new Order(7, "a/b")))
                    .hasMessageStartingWith("CHANNELS0003");
        }
    }

    @Test
    void nameMayBeGivenAtRunTime() throws Exception {
        try (Deployment it = Deployment.of(OUT, Desk.class)) {
            Event<Object> any = it.beans().getEvent();
            any.select(new ToChannel.Literal("b")).fire("selected");
            any.fire("for nobody");
            assertThat(texts(it.plugin(), "b")).containsExactly("selected", "end");
            assertThatThrownBy(() -> any.select(new ToChannel.Literal("c")).fire("x"))
                    .hasMessageStartingWith("CHANNELS0002");
        }
    }

    @Test
    void publishAfterTheCommitCanBeAskedFor() throws Exception {
        try (LogCapture log = new LogCapture();
                Deployment it = Deployment.of(OUT, Desk.class)) {
            it.get(Desk.class).afterCommit().fire("x");
            assertThat(texts(it.plugin(), "a")).containsExactly("x", "end");
            assertThat(log.messages("CHANNELS0035")).as("There is no JTA here").hasSize(1);
        }
    }

    // ---- In

    /** Lives as long as a call. */
    @RequestScoped
    public static class Call {
        private final List<String> heard = new ArrayList<>();

        int note(String what) {
            heard.add(what);
            return heard.size();
        }
    }

    /** Observes in every way. */
    @ApplicationScoped
    public static class Ledger {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        @Inject Call call;

        void object(@ObservesAsync @FromChannel("orders") Seen order) {
            SEEN.add("object " + order.id + " " + order.state);
        }

        void objects(@Observes @FromChannel("lists") List<Seen> orders) {
            SEEN.add("objects " + orders.stream().map(order -> order.id).toList());
        }

        void text(@Observes @FromChannel("orders") String text) {
            SEEN.add("text " + text.length() + " " + call.note(text));
        }

        void bytes(@ObservesAsync @FromChannel("orders") byte[] data, Call same) {
            SEEN.add("bytes " + data.length);
        }

        void event(@ObservesAsync @FromChannel("orders") ChannelEvent event) {
            SEEN.add("event " + event.channel() + " " + event.position().offset());
        }

        void other(@ObservesAsync String text) {
            SEEN.add("not from a channel");
        }
    }

    /** Is made for each event. */
    @Dependent
    public static class Short {
        private int events;

        void text(@Observes @FromChannel("orders") String text) {
            Ledger.SEEN.add("dependent " + ++events);
        }
    }

    private static final String[] IN = {"names=orders,lists", "memory.history=10"};

    private static void awaitSeen(String start, int count) {
        await().atMost(Threads.PATIENCE)
                .untilAsserted(() -> assertThat(seen(start)).hasSize(count));
    }

    private static List<String> seen(String start) {
        return Ledger.SEEN.stream().filter(text -> text.startsWith(start)).toList();
    }

    @Test
    void observersOfAChannelGetItsEventsInOrder() {
        Ledger.SEEN.clear();
        try (Deployment it = Deployment.of(IN, Call.class, Ledger.class, Short.class)) {
            for (int i = 1; i <= 3; i++) {
                it.plugin().publish(new Order(i, "new"), "orders");
            }
            it.plugin().publish(List.of(new Order(8, "a"), new Order(9, "b")), "lists");
            awaitSeen("object ", 3);
            awaitSeen("text ", 3);
            awaitSeen("bytes ", 3);
            awaitSeen("event ", 3);
            awaitSeen("dependent ", 3);
            awaitSeen("objects ", 1);
        }
        assertThat(seen("object ")).containsExactly("object 1 new", "object 2 new", "object 3 new");
        assertThat(seen("text ")).as("A request each").containsOnly("text 22 1");
        assertThat(seen("event "))
                .containsExactly("event orders 1", "event orders 2", "event orders 3");
        assertThat(seen("dependent ")).containsOnly("dependent 1");
        assertThat(seen("objects ")).containsExactly("objects [8, 9]");
        assertThat(seen("not ")).isEmpty();
    }

    /** Throws, or waits. */
    @ApplicationScoped
    public static class Troubled {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();
        private static volatile CountDownLatch gate = new CountDownLatch(0);

        void number(@ObservesAsync @FromChannel("orders") Seen order) throws Exception {
            gate.await();
            if (order.id == 1) {
                throw new IllegalStateException("the first");
            }
            SEEN.add("number " + order.id);
        }

        void text(@ObservesAsync @FromChannel("orders") String text) {
            SEEN.add("text");
        }
    }

    @Test
    void observerThatThrowsOrWaitsHarmsNoOtherAndGetsTheNextEvents() {
        Troubled.SEEN.clear();
        Troubled.gate = new CountDownLatch(1);
        try (LogCapture log = new LogCapture();
                Deployment it = Deployment.of(IN, Troubled.class)) {
            for (Object data : List.of(new Order(1, ""), "no JSON", "null", new Order(2, ""))) {
                it.plugin().publish(data, "orders");
            }
            await().atMost(Threads.PATIENCE)
                    .until(() -> Troubled.SEEN.equals(List.of("text", "text", "text", "text")));
            Troubled.gate.countDown();
            await().atMost(Threads.PATIENCE).until(() -> Troubled.SEEN.contains("number 2"));
            assertThat(it.plugin().statistics().skipped()).isEqualTo(3);
            await().atMost(Threads.PATIENCE).until(() -> log.messages("CHANNELS0016").size() == 1);
            assertThat(log.messages("CHANNELS0016").get(0))
                    .contains("observer " + Troubled.class.getName() + ".number");
        } finally {
            Troubled.gate.countDown();
        }
    }

    @Test
    void testFiresWhatAChannelWouldBring() {
        Troubled.SEEN.clear();
        try (Deployment it = Deployment.of(IN, Troubled.class)) {
            it.beans()
                    .getEvent()
                    .select(String.class, new FromChannel.Literal("orders"))
                    .fireAsync("x")
                    .toCompletableFuture()
                    .join();
            assertThat(Troubled.SEEN).containsExactly("text");
        }
    }

    /** Is called on one node for each event. */
    @ApplicationScoped
    public static class Sole {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        void text(
                @ObservesAsync @FromChannel(value = "orders", once = true, history = 1)
                        String text) {
            SEEN.add(text);
        }
    }

    @Test
    void observerThatIsCalledOnceGetsTheEvents() {
        Sole.SEEN.clear();
        try (Deployment it = Deployment.of(IN, Sole.class)) {
            await().atMost(Threads.PATIENCE)
                    .until(() -> it.plugin().statistics().subscribers() == 1);
            it.plugin().publish("1", "orders");
            await().atMost(Threads.PATIENCE).until(() -> Sole.SEEN.equals(List.of("1")));
            it.plugin().publish("2", "orders");
            await().atMost(Threads.PATIENCE).until(() -> Sole.SEEN.equals(List.of("1", "2")));
        }
    }

    @Test
    void onceFailsTheDeploymentWhereTheBackendCannotDoIt() {
        assertThat(
                        Deployment.failure(
                                new String[] {
                                    "names=orders",
                                    "backend=redis-pubsub",
                                    "redis-pubsub.uri=redis://localhost:1"
                                },
                                Sole.class))
                .startsWith("CHANNELS0036")
                .contains(
                        Sole.class.getName()
                                + ".text: @FromChannel(\"orders\"): the backend redis-pubsub cannot"
                                + " let one node only have an event. Leave 'once' out, or set"
                                + " channels.backend to one that can: redis-streams or postgresql,"
                                + " or memory for one node.");
    }

    /** Observes families. */
    @ApplicationScoped
    public static class Families {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        void order(@ObservesAsync @FromChannel("order-*") ChannelEvent order) {
            SEEN.add(order.channel() + " " + order.text());
        }

        void some(@ObservesAsync @FromChannel("order-7-*") Seen order) {
            SEEN.add("seven " + order.state);
        }
    }

    @Test
    void observersOfAFamilyGetWhatIsFiredToItsChannels() {
        Families.SEEN.clear();
        try (Deployment it =
                Deployment.of(new String[] {"names=a,order-*"}, Desk.class, Families.class)) {
            Event<Order> orders = it.get(Desk.class).orders();
            for (String state : List.of("new", "paid", "new")) {
                orders.fire(new Order(7, state));
                orders.fire(new Order(8, state));
            }
            await().atMost(Threads.PATIENCE).until(() -> Families.SEEN.size() == 9);
        }
        assertThat(Families.SEEN.stream().filter(text -> text.startsWith("order-7-new")))
                .containsExactly(
                        "order-7-new {\"id\":7,\"state\":\"new\"}",
                        "order-7-new {\"id\":7,\"state\":\"new\"}");
        assertThat(Families.SEEN.stream().filter(text -> text.startsWith("order-8"))).hasSize(3);
        assertThat(Families.SEEN.stream().filter(text -> text.startsWith("seven")))
                .containsExactlyInAnyOrder("seven new", "seven paid", "seven new");
    }

    /** Observes everything. */
    @ApplicationScoped
    public static class Everything {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        void any(@ObservesAsync @FromChannel("*") ChannelEvent event) {
            SEEN.add(event.channel() + " " + event.text());
        }
    }

    @Test
    void whereAnyChannelIsAllowedAllOfThemCanBeObserved() {
        Everything.SEEN.clear();
        try (Deployment it =
                Deployment.of(new String[] {"arbitrary-channels-allowed=true"}, Everything.class)) {
            it.plugin().publish("1", "a");
            it.plugin().publish("2", "b");
            await().atMost(Threads.PATIENCE).until(() -> Everything.SEEN.size() == 2);
        }
        assertThat(Everything.SEEN).containsExactlyInAnyOrder("a 1", "b 2");
    }

    @Test
    void familyFailsTheDeploymentWhereTheBackendDoesNotTellOfChannels() {
        assertThat(
                        Deployment.failure(
                                new String[] {
                                    "names=order-*",
                                    "backend=redis-pubsub",
                                    "redis-pubsub.uri=redis://localhost:1"
                                },
                                Families.class))
                .startsWith("CHANNELS0036")
                .contains(
                        Families.class.getName()
                                + ".order: @FromChannel(\"order-*\"): the backend redis-pubsub"
                                + " does not tell which channels there are. Observe each of them,"
                                + " or set channels.backend to one that does: postgresql, or"
                                + " memory for one node.");
    }

    // ---- What cannot work

    /** Wrong in every way. */
    @ApplicationScoped
    public static class Wrong {
        @Inject
        @ToChannel("nowhere")
        Event<Order> undeclared;

        @Inject
        @ToChannel("order-{number}")
        Event<Order> noProperty;

        void undeclared(@ObservesAsync @FromChannel("nowhere") String text) {}

        void family(@ObservesAsync @FromChannel("stock-*") String text) {}

        void noFamily(@ObservesAsync @FromChannel("a/*") String text) {}

        void once(@ObservesAsync @FromChannel(value = "order-*", once = true) String text) {}

        void history(@ObservesAsync @FromChannel(value = "order-*", history = 1) String text) {}

        void phase(
                @Observes(during = TransactionPhase.AFTER_SUCCESS) @FromChannel("a") String text) {}

        void qualified(@ObservesAsync @Default @FromChannel("a") String text) {}

        void metadata(@ObservesAsync @FromChannel("a") String text, EventMetadata metadata) {}

        <T> void variable(@ObservesAsync @FromChannel("a") T anything) {}
    }

    @Test
    void whatCannotWorkFailsTheDeploymentWithPlaceAndRemedy() {
        String message = Deployment.failure(new String[] {"names=a,order-*"}, Wrong.class);
        String declare =
                "the channel is not declared. Add it, or a family such as order-*, to"
                        + " channels.names, or set channels.arbitrary-channels-allowed=true.";
        String fromNow =
                "of a family each node has the events from now on. Leave 'once', 'history' and"
                        + " 'start' out, or observe each of its channels.";
        String place = Wrong.class.getName() + ".";
        assertThat(message.split("\n  - "))
                .containsExactlyInAnyOrder(
                        "CHANNELS0036: Events of the application cannot become events of channels,"
                                + " or the other way round:",
                        place + "undeclared: @ToChannel(\"nowhere\"): " + declare,
                        place
                                + "noProperty: @ToChannel(\"order-{number}\"): "
                                + Order.class.getName()
                                + " has no property 'number'. Give it a public method number(), or"
                                + " a getter, or write another name.",
                        place + "undeclared: @FromChannel(\"nowhere\"): " + declare,
                        place
                                + "family: @FromChannel(\"stock-*\"): the family is not declared."
                                + " Add it to channels.names, or set"
                                + " channels.arbitrary-channels-allowed=true.",
                        place
                                + "noFamily: @FromChannel(\"a/*\"): no name of a channel can begin"
                                + " like this. A name has 1 to 200 characters, no control"
                                + " characters, no '/', no unpaired surrogates.",
                        place + "once: @FromChannel(\"order-*\"): " + fromNow,
                        place + "history: @FromChannel(\"order-*\"): " + fromNow,
                        place
                                + "phase: @FromChannel(\"a\"): an event of a channel comes in no"
                                + " transaction. Leave 'during' out.",
                        place
                                + "qualified: @FromChannel(\"a\"): an event of a channel has no"
                                + " qualifier @jakarta.enterprise.inject.Default(). Leave that one"
                                + " out.",
                        place
                                + "metadata: @FromChannel(\"a\"): there is no EventMetadata."
                                + " Observe a ChannelEvent, which has the channel, the position and"
                                + " the headers.",
                        place
                                + "variable: @FromChannel(\"a\"): nothing can be made of the type"
                                + " T. Write a class, String, byte[] or ChannelEvent.");
    }
}
