package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Position;
import dev.channels.event.FromChannel;
import dev.channels.spi.HistorySlice;
import dev.channels.test.BackendWrapper;
import dev.channels.test.Events;
import dev.channels.test.LogCapture;
import dev.channels.test.ScriptedBackend;
import dev.channels.test.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Named;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Observers of channels that go on after a position. */
class ObserverStartTest {

    private static volatile ScriptedBackend scripted = new ScriptedBackend();

    /** Is what the test says. */
    @Dependent
    @Named("scripted")
    public static class Backend extends BackendWrapper {
        /** Made by the container. */
        public Backend() {
            super(scripted);
        }
    }

    /** Goes on. */
    @ApplicationScoped
    public static class Ledger {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        void written(@ObservesAsync @FromChannel(value = "a", start = "epoch:3") String text) {
            SEEN.add("written " + text);
        }

        void configured(
                @ObservesAsync @FromChannel(value = "a", start = "${mp.orders.start:}")
                        String text) {
            SEEN.add("configured " + text);
        }
    }

    @BeforeEach
    void keepFiveEvents() {
        Ledger.SEEN.clear();
        scripted = new ScriptedBackend().willing();
        scripted.onAfter =
                (channel, position) -> {
                    boolean gap = !position.isComparableTo(new Position("epoch", 0));
                    return CompletableFuture.completedFuture(
                            new HistorySlice(
                                    Events.events(channel, gap ? 1 : position.offset() + 1, 5),
                                    new Position("epoch", 5),
                                    gap));
                };
    }

    private static Deployment deployed(String start) {
        return Deployment.of(
                new String[] {"names=a", "backend=scripted", "mp.orders.start=" + start},
                Backend.class,
                Ledger.class);
    }

    private static List<String> seen(String start) {
        return Ledger.SEEN.stream().filter(text -> text.startsWith(start)).toList();
    }

    private static void awaitSeen(String... texts) {
        String start = texts[0].substring(0, texts[0].indexOf(' '));
        await().atMost(Threads.PATIENCE)
                .untilAsserted(() -> assertThat(seen(start)).containsExactly(texts));
    }

    @Test
    void observerGoesOnAfterThePositionThatIsWrittenOrConfigured() {
        try (Deployment it = deployed("epoch:4")) {
            awaitSeen("written 4", "written 5");
            awaitSeen("configured 5");
            scripted.deliver("a", 6, 6);
            awaitSeen("written 4", "written 5", "written 6");
            awaitSeen("configured 5", "configured 6");
        }
    }

    @Test
    void observerWithoutAPositionBeginsWithTheNextEvent() {
        try (Deployment it = deployed("")) {
            awaitSeen("written 4", "written 5");
            scripted.deliver("a", 6, 6);
            awaitSeen("configured 6");
        }
    }

    @Test
    void observerWhoseEventsAreGoneIsNamedAndBeginsWithTheNextEvent() {
        try (LogCapture log = new LogCapture();
                Deployment it = deployed("before:4")) {
            await().atMost(Threads.PATIENCE).until(() -> log.messages("CHANNELS0014").size() == 1);
            assertThat(log.messages("CHANNELS0014").get(0))
                    .endsWith(
                            "The observer "
                                    + Ledger.class.getName()
                                    + ".configured was to go on in 'a' after a position whose"
                                    + " events the broker no longer has; it begins after epoch:5.");
            scripted.deliver("a", 6, 6);
            awaitSeen("configured 6");
            awaitSeen("written 4", "written 5", "written 6");
        }
    }

    // ---- What cannot work

    /** Wrong in every way. */
    @ApplicationScoped
    public static class Wrong {
        void history(
                @ObservesAsync @FromChannel(value = "a", start = "epoch:1", history = 3)
                        String text) {}

        void once(
                @ObservesAsync @FromChannel(value = "a", start = "epoch:1", once = true)
                        String text) {}

        void text(@ObservesAsync @FromChannel(value = "a", start = "yesterday") String text) {}

        void unset(@ObservesAsync @FromChannel(value = "a", start = "${mp.unset}") String text) {}

        void unresolved(
                @ObservesAsync @FromChannel(value = "a", start = "${mp.unresolved}") String text) {}

        void configured(
                @ObservesAsync @FromChannel(value = "a", start = "${mp.orders.start}")
                        String text) {}
    }

    @Test
    void whatCannotWorkFailsTheDeploymentWithPlaceAndRemedy() {
        String message =
                Deployment.failure(
                        new String[] {
                            "names=a",
                            "memory.history=10",
                            "mp.orders.start=epoch:-1",
                            "mp.unresolved=${mp.unset}"
                        },
                        Wrong.class);
        String place = Wrong.class.getName() + ".";
        String what = ": @FromChannel(\"a\"): ";
        assertThat(message.split("\n  - "))
                .containsExactlyInAnyOrder(
                        "CHANNELS0036: Events of the application cannot become events of channels,"
                                + " or the other way round:",
                        place
                                + "history"
                                + what
                                + "it begins either with events of the history, or after a"
                                + " position. Leave 'history' or 'start' out.",
                        place
                                + "once"
                                + what
                                + "with 'once' the broker remembers where to go on. Leave 'start'"
                                + " out.",
                        place
                                + "text"
                                + what
                                + "start: 'yesterday' is no position: write epoch:offset, the"
                                + " offset from 0 up.",
                        place
                                + "unset"
                                + what
                                + "start: there is no property mp.unset. Set it, or write"
                                + " ${mp.unset:} to begin with the next event where there is none.",
                        place
                                + "unresolved"
                                + what
                                + "start: the property mp.unresolved holds an expression that"
                                + " cannot be resolved. Set what it names.",
                        place
                                + "configured"
                                + what
                                + "start: 'epoch:-1' is no position: write epoch:offset, the"
                                + " offset from 0 up.");
    }

    /** Wants what is not kept. */
    @ApplicationScoped
    public static class Early {
        void text(@ObservesAsync @FromChannel(value = "a", start = "epoch:1") String text) {}
    }

    @Test
    void aBackendWithoutHistoryFailsTheDeployment() {
        assertThat(Deployment.failure(new String[] {"names=a"}, Early.class))
                .contains(
                        Early.class.getName()
                                + ".text: @FromChannel(\"a\"): the backend memory keeps no"
                                + " history, so that nothing can be read after a position. Leave"
                                + " 'start' out, or have a history kept: set"
                                + " channels.memory.history.");
    }
}
