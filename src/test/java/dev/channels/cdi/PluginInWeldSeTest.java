package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.Backlog;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ChannelsListener;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.spi.BackendSink;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.bind.adapter.JsonbAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plugin where there is no application server. */
class PluginInWeldSeTest {

    private static List<String> rest(ChannelsPlugin plugin, Subscriber subscriber) {
        plugin.unsubscribe(subscriber);
        List<String> texts = new ArrayList<>();
        for (ChannelEvent event : subscriber.iterEvents()) {
            texts.add(event.text());
        }
        return texts;
    }

    private static void publish(ChannelsPlugin plugin, Object data, String channel)
            throws Exception {
        plugin.waitPublished(data, channel).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static boolean ownThreadIsAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("channels-"));
    }

    /** A bean of the application. */
    @ApplicationScoped
    public static class Newsroom {
        @Inject ChannelsPlugin channels;

        ChannelsPlugin channels() {
            return channels;
        }
    }

    // ---- The plugin

    @Test
    void pluginIsInjectedAndRunsOnThreadsOfItsOwn() throws Exception {
        try (LogCapture log = new LogCapture()) {
            try (Deployment it = Deployment.of(new String[] {"names=a"}, Newsroom.class)) {
                ChannelsPlugin plugin = it.get(Newsroom.class).channels();
                List<String> threads = new CopyOnWriteArrayList<>();
                plugin.subscribe("a")
                        .runInBackground(
                                (ChannelEvent e) -> threads.add(Thread.currentThread().getName()));
                publish(plugin, "x", "a");
                publish(it.plugin(), "y", "a");
                await().atMost(Threads.PATIENCE).until(() -> threads.size() == 2);
                assertThat(threads).allMatch(name -> name.startsWith("channels-"));
            }
            assertThat(log.messages("CHANNELS0024"))
                    .filteredOn(message -> message.contains("threads of its own"))
                    .hasSize(1);
        }
        await().atMost(Threads.PATIENCE).until(() -> !ownThreadIsAlive());
    }

    @Test
    void endOfTheContainerStopsThePlugin() throws Exception {
        ChannelsPlugin plugin;
        Subscriber subscriber;
        try (Deployment it = Deployment.of(new String[] {"names=a"}, Newsroom.class)) {
            plugin = it.get(ChannelsExtension.class).application().plugin();
            subscriber = plugin.subscribe("a");
            publish(plugin, "x", "a");
        }
        assertThatThrownBy(() -> plugin.publish("x", "a"))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_RUNNING));
        assertThat(rest(plugin, subscriber)).containsExactly("x");
    }

    @Test
    void everyDeploymentHasItsOwnPlugin() throws Exception {
        try (Deployment first = Deployment.of("names=a", "memory.history=5")) {
            publish(first.plugin(), "x", "a");
        }
        try (Deployment second = Deployment.of("names=a", "memory.history=5")) {
            ChannelsPlugin plugin = second.plugin();
            assertThat(rest(plugin, plugin.subscribe(List.of("a"), -1))).isEmpty();
        }
    }

    @Test
    void commitsOfAServerWithoutTransactionsAreDoubtful() throws Exception {
        try (LogCapture log = new LogCapture();
                Deployment it = Deployment.of("names=a", "publish-in-transaction=after-commit")) {
            publish(it.plugin(), "x", "a");
            assertThat(log.messages("CHANNELS0001"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("channels.publish-in-transaction", "JTA");
        }
    }

    @Test
    void historyThatTheBackendDoesNotKeepIsDoubtful() {
        String[] asked = {"names=a", "ws-handler-send-history=20"};
        try (LogCapture log = new LogCapture();
                Deployment none = Deployment.of(asked)) {
            assertThat(log.messages("CHANNELS0001"))
                    .singleElement()
                    .asString()
                    .contains("channels.ws-handler-send-history = '20'", "keeps no history");
        }
    }

    private static List<String> doubtsOfHistory(String... more) {
        String[] properties = {"names=a,b", "ws-handler-send-history=20"};
        try (LogCapture log = new LogCapture();
                Deployment it =
                        Deployment.of(
                                Stream.of(properties, more)
                                        .flatMap(Arrays::stream)
                                        .toArray(String[]::new))) {
            return log.messages("CHANNELS0001");
        }
    }

    @Test
    void moreHistoryThanTheBackendKeepsIsDoubtful() {
        assertThat(doubtsOfHistory("memory.history=19"))
                .containsExactly(
                        "CHANNELS0001: channels.ws-handler-send-history = '20' (from"
                                + " app.properties): of no channel does the backend memory keep more"
                                + " than 19 events, so no more are sent. Have it keep more"
                                + " (channels.memory.history=20), or ask for fewer; a negative number"
                                + " asks for all.");
        assertThat(doubtsOfHistory("policy.p.channels=a", "policy.p.history=19")).hasSize(1);
        assertThat(doubtsOfHistory("memory.history=20")).isEmpty();
        assertThat(
                        doubtsOfHistory(
                                "memory.history=5", "policy.p.channels=a", "policy.p.history=20"))
                .isEmpty();
    }

    @Test
    void allHistoryThereIsIsNoDoubt() {
        try (LogCapture log = new LogCapture();
                Deployment it =
                        Deployment.of(
                                "names=a", "ws-handler-send-history=-1", "memory.history=5")) {
            assertThat(it.plugin()).isNotNull();
            assertThat(log.messages("CHANNELS0001")).isEmpty();
        }
    }

    @Test
    void endpointsAreNotRegisteredWhereThereIsNoServer() throws Exception {
        try (Deployment it = Deployment.of("names=a", "create-ws-route-handlers=true")) {
            publish(it.plugin(), "x", "a");
        }
    }

    @Test
    void settingsReachTheNode() throws Exception {
        try (Deployment it =
                Deployment.of(
                        "arbitrary-channels-allowed=true",
                        "subscriber-max-backlog=2",
                        "subscriber-backlog-strategy=dropleft",
                        "memory.history=10")) {
            ChannelsPlugin plugin = it.plugin();
            Subscriber subscriber = plugin.subscribe("any");
            for (String text : List.of("foo", "bar", "baz")) {
                publish(plugin, text, "any");
            }
            assertThat(rest(plugin, subscriber)).containsExactly("bar", "baz");
            assertThat(rest(plugin, plugin.subscribe(List.of("any"), 1))).containsExactly("baz");
        }
    }

    // ---- Classes of the application

    /** A subscriber class. */
    public static class Mine extends Subscriber {
        public Mine(Backlog backlog) {
            super(backlog);
        }
    }

    @Test
    void subscriberClassIsInstantiated() {
        try (Deployment it = Deployment.of("names=a", "subscriber-class=" + Mine.class.getName())) {
            assertThat(it.plugin().subscribe("a")).isInstanceOf(Mine.class);
        }
    }

    /** A subscriber class whose constructor throws. */
    public static class Failing extends Subscriber {
        public Failing(Backlog backlog) {
            super(backlog);
            throw new IllegalStateException("no");
        }
    }

    @Test
    void subscriberClassThatThrowsFailsTheCall() {
        try (Deployment it =
                Deployment.of("names=a", "subscriber-class=" + Failing.class.getName())) {
            assertThatThrownBy(() -> it.plugin().subscribe("a"))
                    .isInstanceOf(ChannelsException.class)
                    .hasMessageStartingWith("CHANNELS0021")
                    .hasRootCauseMessage("no");
        }
    }

    /** A value with an encoder. */
    public record Temperature(double celsius) {}

    /** Encodes temperatures. */
    public static class TemperatureAdapter implements JsonbAdapter<Temperature, String> {
        @Override
        public String adaptToJson(Temperature temperature) {
            return temperature.celsius() + " °C";
        }

        @Override
        public Temperature adaptFromJson(String text) {
            throw new AssertionError("never read");
        }
    }

    /** Holds one. */
    public static class Reading {
        public Temperature outside = new Temperature(21.5);
    }

    @Test
    void typeEncodersEncode() throws Exception {
        try (Deployment it =
                Deployment.of("names=a", "type-encoders=" + TemperatureAdapter.class.getName())) {
            ChannelsPlugin plugin = it.plugin();
            Subscriber subscriber = plugin.subscribe("a");
            publish(plugin, new Reading(), "a");
            assertThat(rest(plugin, subscriber)).containsExactly("{\"outside\":\"21.5 °C\"}");
        }
    }

    /** What an adapter is injected with. */
    public static class Scale {
        String text(Temperature temperature) {
            return Math.round(temperature.celsius() * 1.8 + 32) + " °F";
        }
    }

    /** Has a scope, so that it needs no key. */
    @ApplicationScoped
    public static class ScopedAdapter extends TemperatureAdapter {
        @Inject Scale scale;

        @Override
        public String adaptToJson(Temperature temperature) {
            return scale.text(temperature);
        }
    }

    /** Has none. */
    public static class InjectedAdapter extends TemperatureAdapter {
        @Inject Scale scale;

        @Override
        public String adaptToJson(Temperature temperature) {
            return scale.text(temperature);
        }
    }

    @Test
    void typeEncoderThatIsABeanIsFoundByItself() throws Exception {
        assertThat(encoded(new String[] {"names=a"}, ScopedAdapter.class, Scale.class))
                .isEqualTo("{\"outside\":\"71 °F\"}");
    }

    @Test
    void typeEncoderThatIsNamedIsInjectedWhereItIsABean() throws Exception {
        String named = "type-encoders=" + InjectedAdapter.class.getName();
        assertThat(encoded(new String[] {"names=a", named}, InjectedAdapter.class, Scale.class))
                .isEqualTo("{\"outside\":\"71 °F\"}");
    }

    /** In an archive whose classes all are beans it would be no choice of anybody. */
    @Test
    void typeEncoderWithoutAScopeIsNotUsedUnlessItIsNamed() throws Exception {
        assertThat(encoded(new String[] {"names=a"}, InjectedAdapter.class, Scale.class))
                .doesNotContain("°F");
    }

    @Test
    void typeEncoderThatIsNamedComesBeforeOneThatIsFound() throws Exception {
        String named = "type-encoders=" + TemperatureAdapter.class.getName();
        assertThat(encoded(new String[] {"names=a", named}, ScopedAdapter.class, Scale.class))
                .isEqualTo("{\"outside\":\"21.5 °C\"}");
    }

    private static String encoded(String[] lines, Class<?>... beans) throws Exception {
        try (Deployment it = Deployment.of(lines, beans)) {
            ChannelsPlugin plugin = it.plugin();
            Subscriber subscriber = plugin.subscribe("a");
            publish(plugin, new Reading(), "a");
            return String.join("", rest(plugin, subscriber));
        }
    }

    // ---- Backends and listeners of the application

    /** What the backends below have in common. */
    public abstract static class AcmeBackend implements ChannelsBackend {
        static final List<String> calls = new CopyOnWriteArrayList<>();
        static volatile BackendSink sink;

        @Override
        public CompletionStage<Void> start(BackendSink pushedInto) {
            calls.add("start " + getClass().getSimpleName().replaceAll("[$_].*", ""));
            sink = pushedInto;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> stop() {
            calls.add("stop");
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> publish(List<Publication> batch) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> subscribe(Set<String> channels) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> unsubscribe(Set<String> channels) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Chosen by its name. */
    @ApplicationScoped
    @Named("acme")
    public static class NamedBackend extends AcmeBackend {}

    /** Chosen by its class. */
    @ApplicationScoped
    public static class ClassBackend extends AcmeBackend {}

    /** Cannot reach its broker. */
    @ApplicationScoped
    @Named("away")
    public static class AwayBackend extends AcmeBackend {
        @Override
        public CompletionStage<Void> start(BackendSink pushedInto) {
            super.start(pushedInto);
            return CompletableFuture.failedFuture(
                    new BrokerUnavailableException("No broker at example.org:1.", null));
        }
    }

    /** Cannot start at all. */
    @ApplicationScoped
    @Named("broken")
    public static class BrokenBackend extends AcmeBackend {
        @Override
        public CompletionStage<Void> start(BackendSink pushedInto) {
            throw new IllegalStateException("broken for good.");
        }
    }

    /** Cannot be made; a dependent bean, whose constructor runs at once. */
    @Dependent
    @Named("unmade")
    public static class UnmadeBackend extends AcmeBackend {
        public UnmadeBackend() {
            throw new IllegalStateException("no licence");
        }
    }

    @Test
    void backendThatCannotBeMadeFailsTheDeployment() {
        assertThat(
                        Deployment.failure(
                                new String[] {"names=a", "backend=unmade"}, UnmadeBackend.class))
                .startsWith("CHANNELS0023: The backend unmade could not be made: ")
                .contains("no licence");
    }

    @Test
    void policyThatAsksForPresenceOfABackendWithoutItFailsTheDeployment() {
        String[] lines = {
            "names=a,b,c",
            "backend=acme",
            "policy.kept.channels=a",
            "policy.kept.presence=**",
            "policy.told.channels=b",
            "policy.told.join-leave=true",
            "policy.else.channels=c"
        };
        assertThat(Deployment.failure(lines, NamedBackend.class))
                .contains("channels.policy.kept.presence = '**'")
                .contains("channels.policy.told.join-leave = 'true'")
                .contains("the backend acme cannot keep who is there")
                .contains("choose a backend that can (channels.backend)")
                .doesNotContain("policy.else");
    }

    @Test
    void backendIsABeanChosenByItsName() {
        AcmeBackend.calls.clear();
        try (Deployment it =
                Deployment.of(
                        new String[] {"names=a", "backend=acme", "acme.host=x"},
                        ClassBackend.class,
                        NamedBackend.class)) {
            assertThat(it.plugin().subscribe("a").backlogSize()).isZero();
        }
        assertThat(AcmeBackend.calls).containsExactly("start NamedBackend", "stop");
    }

    @Test
    void backendIsABeanChosenByItsClass() {
        AcmeBackend.calls.clear();
        try (Deployment it =
                Deployment.of(
                        new String[] {"names=a", "backend=" + ClassBackend.class.getName()},
                        ClassBackend.class,
                        NamedBackend.class)) {
            assertThat(it.plugin().subscribe("a").backlogSize()).isZero();
        }
        assertThat(AcmeBackend.calls).containsExactly("start ClassBackend", "stop");
    }

    @Test
    void unknownBackendNamesTheBeansToo() {
        assertThat(
                        Deployment.failure(
                                new String[] {"names=a", "backend=acne"},
                                ClassBackend.class,
                                NamedBackend.class))
                .contains("Did you mean 'acme'? Use one of memory, postgresql, ")
                .contains(ClassBackend.class.getName());
    }

    @Test
    void requiredBrokerThatIsAwayFailsTheDeployment() {
        AcmeBackend.calls.clear();
        assertThat(Deployment.failure(new String[] {"names=a", "backend=away"}, AwayBackend.class))
                .isEqualTo(
                        "CHANNELS0023: The backend away did not start: CHANNELS0013: No broker at"
                                + " example.org:1. Make the broker reachable, or set"
                                + " channels.backend-required=false to start without it.");
        assertThat(AcmeBackend.calls).containsExactly("start AwayBackend", "stop");
        await().atMost(Threads.PATIENCE).until(() -> !ownThreadIsAlive());
    }

    @Test
    void brokerThatIsNotRequiredMayBeAway() {
        AcmeBackend.calls.clear();
        try (LogCapture log = new LogCapture();
                Deployment it =
                        Deployment.of(
                                new String[] {"names=a", "backend=away", "backend-required=false"},
                                AwayBackend.class)) {
            assertThat(log.messages("CHANNELS0013")).hasSize(1);
            it.plugin().publish("x", "a");
            assertThat(AcmeBackend.calls).containsExactly("start AwayBackend");
        }
    }

    @Test
    void backendThatIsBrokenFailsTheDeploymentAlsoWhereItIsNotRequired() {
        assertThat(
                        Deployment.failure(
                                new String[] {
                                    "names=a", "backend=broken", "backend-required=false"
                                },
                                BrokenBackend.class))
                .isEqualTo(
                        "CHANNELS0023: The backend broken did not start: java.lang.IllegalStateException: broken for good.");
    }

    /** Listens. */
    @ApplicationScoped
    public static class Watch implements ChannelsListener {
        final List<String> told = new CopyOnWriteArrayList<>();

        List<String> told() {
            return told;
        }

        @Override
        public void disconnected(Throwable cause) {
            told.add("disconnected");
        }

        @Override
        public void reconnected() {
            told.add("reconnected");
        }

        @Override
        public void gap(String channel) {
            told.add("gap " + channel);
        }
    }

    @Test
    void listenerBeansAreTold() {
        try (LogCapture log = new LogCapture();
                Deployment it =
                        Deployment.of(
                                new String[] {"names=a", "backend=acme"},
                                NamedBackend.class,
                                Watch.class)) {
            AcmeBackend.sink.disconnected(null);
            AcmeBackend.sink.gap("a");
            AcmeBackend.sink.connected();
            Watch watch = it.get(Watch.class);
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(watch.told())
                                            .containsExactly(
                                                    "disconnected", "gap a", "reconnected"));
            assertThat(log.messages("CHANNELS0014")).hasSize(1);
        }
    }
}
