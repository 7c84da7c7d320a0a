package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.EventSender.Completion;
import dev.channels.Gap;
import dev.channels.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TailTest {

    private static final class Counted implements Completion {
        private int sent;

        @Override
        public void sent() {
            sent++;
        }

        @Override
        public void skipped(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private final List<String> shown = new ArrayList<>();
    private final Counted done = new Counted();

    private Tail tail(boolean showsPayloads) {
        Tail tail = new Tail("news", showsPayloads);
        tail.showTo(shown::add, false);
        return tail;
    }

    private static ChannelEvent event(byte[] payload) {
        return new ChannelEvent(
                "news",
                new Position("e", 7),
                payload,
                payload.length,
                Map.of("publisher", "alice"));
    }

    private static ChannelEvent event(String text) {
        return event(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eventIsShown() {
        tail(true).send(event("<b>"), done);
        assertThat(shown)
                .containsExactly(
                        "{\"begins\":\"news\",\"payloads\":true}",
                        "{\"offset\":7,\"bytes\":3,\"text\":\"\\u003cb\\u003e\",\"cut\":false,"
                                + "\"headers\":{\"publisher\":\"alice\"}}");
        assertThat(done.sent).isEqualTo(1);
    }

    @Test
    void neitherPayloadNorHeadersAreShownToWhomThePolicyKeepsThem() {
        tail(false).send(event("secret"), done);
        assertThat(shown)
                .containsExactly(
                        "{\"begins\":\"news\",\"payloads\":false}", "{\"offset\":7,\"bytes\":6}");
    }

    @Test
    void whatIsNoTextIsSaidToBeSo() {
        tail(true).send(event(new byte[] {(byte) 0xff}), done);
        assertThat(shown.get(1)).contains("\"binary\":true").doesNotContain("\"text\"");
    }

    @Test
    void longPayloadIsCut() {
        tail(true).send(event("x".repeat(100_000)), done);
        assertThat(shown.get(1)).hasSizeLessThan(Tail.MAX_TEXT + 200).contains("\"cut\":true");
    }

    @Test
    void eventsThatAreTooManyAreCounted() {
        Tail tail = tail(true);
        for (int i = 0; i < Tail.MAX_EVENTS + 5; i++) {
            tail.send(event("x"), done);
        }
        assertThat(shown).hasSize(1 + Tail.MAX_EVENTS);
        assertThat(done.sent).isEqualTo(Tail.MAX_EVENTS + 5);
        tail.makeRoom();
        assertThat(shown).last().isEqualTo("{\"leftOut\":5}");
        tail.send(event("y"), done);
        assertThat(shown).last().asString().contains("\"text\":\"y\"");
    }

    @Test
    void gapIsShown() {
        tail(true).send(new Gap("news", Gap.Cause.values()[0]), done);
        assertThat(shown).last().isEqualTo("{\"gap\":true}");
    }
}
