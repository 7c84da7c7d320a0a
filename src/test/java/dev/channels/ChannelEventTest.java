package dev.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ChannelEventTest {

    private static ChannelEvent event(byte... payload) {
        return new ChannelEvent("news", new Position("epoch", 1), payload);
    }

    @Test
    void textIsOneObjectWhoeverAsks() throws Exception {
        for (int round = 0; round < 200; round++) {
            ChannelEvent event = event("größer".getBytes(StandardCharsets.UTF_8));
            CyclicBarrier together = new CyclicBarrier(4);
            List<Running<String>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(
                        Threads.call(
                                () -> {
                                    together.await();
                                    return event.text();
                                }));
            }
            for (Running<String> reader : readers) {
                assertThat(reader.get()).isEqualTo("größer").isSameAs(event.text());
            }
        }
    }

    /** Whoever makes a form may wait for others who use the event. */
    @Test
    void noLockIsHeldWhileAFormIsMade() {
        ChannelEvent event = event((byte) 'a');
        assertThat(event.<String>form(it -> got(Threads.call(it::text)) + "!")).isEqualTo("a!");
    }

    @Test
    void aFormThatSeveralMakeAtOnceIsOneObject() throws Exception {
        ChannelEvent event = event((byte) 'a');
        CyclicBarrier together = new CyclicBarrier(2);
        Function<ChannelEvent, Object> form =
                it -> {
                    got(Threads.call(together::await));
                    return new Object();
                };
        Running<Object> other = Threads.call(() -> event.form(form));
        Object mine = event.form(form);
        assertThat(other.get()).isSameAs(mine).isSameAs(event.form(form));
    }

    @Test
    void aFormThatCouldNotBeMadeIsTriedAgain() {
        ChannelEvent event = event((byte) 'a');
        AtomicInteger asked = new AtomicInteger();
        Function<ChannelEvent, String> form =
                it -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return "made";
                };
        assertThatThrownBy(() -> event.form(form)).hasMessage("not yet");
        assertThat(event.form(form)).isEqualTo("made");
        assertThat(event.form(form)).isSameAs(event.form(form));
        assertThat(asked).hasValue(2);
    }

    private static <T> T got(Running<T> running) {
        try {
            return running.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNoTextIsFoundOutOnce() {
        ChannelEvent event = event((byte) 0xC3, (byte) 0x28);
        Throwable first = catchThrowable(event::text);
        assertThat(first)
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_TEXT))
                .hasMessageContaining("channel 'news' (2 bytes)");
        assertThat(catchThrowable(event::text)).isSameAs(first);
        assertThat(event.data()).containsExactly(0xC3, 0x28);
    }

    @Test
    void replacementCharacterOfTheTextItselfIsText() {
        assertThat(event("\uFFFD".getBytes(StandardCharsets.UTF_8)).text()).isEqualTo("\uFFFD");
    }

    @Test
    void nobodyCanChangeThePayload() {
        ChannelEvent event = event((byte) 1, (byte) 2);
        event.data()[0] = 9;
        assertThat(event.data()).containsExactly(1, 2);
        assertThat(event.buffer().isReadOnly()).isTrue();
        assertThat(event.size()).isEqualTo(2);
    }

    @Test
    void payloadMayBeTheBeginningOfAnArray() {
        byte[] array = "foo bar".getBytes(StandardCharsets.UTF_8);
        ChannelEvent event = new ChannelEvent("news", new Position("epoch", 1), array, 3);
        assertThat(event.text()).isEqualTo("foo");
        assertThat(event.size()).isEqualTo(3);
        assertThat(event.data()).containsExactly('f', 'o', 'o');
        assertThat(event.buffer().capacity()).as("nobody sees what is behind").isEqualTo(3);
        assertThat(event.buffer()).isEqualTo(ByteBuffer.wrap(event.data()));
        assertThat(event)
                .isEqualTo(event((byte) 'f', (byte) 'o', (byte) 'o'))
                .hasSameHashCodeAs(event((byte) 'f', (byte) 'o', (byte) 'o'))
                .hasToString("ChannelEvent[news epoch:1, 3 bytes]");
        assertThatThrownBy(() -> new ChannelEvent("news", event.position(), array, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void descriptionDoesNotShowThePayload() {
        assertThat(event("secret".getBytes(StandardCharsets.UTF_8)))
                .hasToString("ChannelEvent[news epoch:1, 6 bytes]");
    }

    @Test
    void namesArePrintedEscaped() {
        ChannelEvent event =
                new ChannelEvent("a\u2028b", new Position("epoch", 1), new byte[] {(byte) 0xff});
        assertThat(event.toString()).contains("a\\u2028b epoch:1");
        assertThatThrownBy(event::text).hasMessageContaining("channel 'a\\u2028b'");
    }
}
