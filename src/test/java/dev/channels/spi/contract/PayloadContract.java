package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.ChannelEvent;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Payloads are bytes, and none is ever changed or cut. */
interface PayloadContract extends ContractTests {

    @Test
    default void anEmptyPayloadArrives() throws Exception {
        assertArrives(new byte[0]);
    }

    @Test
    default void allBytesArrive() throws Exception {
        byte[] all = new byte[256];
        IntStream.range(0, all.length).forEach(i -> all[i] = (byte) i);
        assertArrives(all, new byte[] {0}, new byte[] {'\r', '\n'});
    }

    @Test
    default void bytesThatAreNoUtf8Arrive() throws Exception {
        assertArrives(
                new byte[] {(byte) 0xc3, 0x28},
                new byte[] {(byte) 0xff, (byte) 0xfe},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xe2, (byte) 0x82});
    }

    @Test
    default void headersArriveWithTheirEvents() throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        Map<String, String> headers =
                Map.of(
                        "traceparent",
                        "00-4bf92f3577b34da6-01",
                        "Who.is-it_1",
                        "Jürgen \"J\" 😀",
                        "e",
                        "");
        Publication plain = node.publication("plain", channel);
        Publication first = node.publication(new byte[] {1, 2}, Set.of(channel), headers);
        Publication empty = node.publication(new byte[0], Set.of(channel), headers);
        node.publish(List.of(plain, first, empty));
        List<ChannelEvent> events = node.awaitEvents(channel, 3);
        assertThat(events.get(0).headers()).isEmpty();
        assertThat(events.get(1).headers()).isEqualTo(headers);
        assertThat(events.get(1).data()).containsExactly(1, 2);
        assertThat(events.get(2).headers()).isEqualTo(headers);
        assertThat(events.get(2).size()).isZero();
        if (nodes().promise().historyLimit() > 0) {
            assertThat(node.last(channel, 3).events())
                    .extracting(ChannelEvent::headers)
                    .containsExactly(Map.of(), headers, headers);
        }
    }

    /** Around 8,000 bytes ends what a PostgreSQL notification can carry. */
    @Test
    default void payloadsOfAllSizesArrive() throws Exception {
        assertArrives(
                IntStream.of(1, 100, 1_023, 4_096, 7_999, 8_000, 8_001, 65_536, 100_000, 1_000_000)
                        .filter(size -> size <= nodes().promise().payloadLimit())
                        .mapToObj(PayloadContract::random)
                        .toArray(byte[][]::new));
    }

    @Test
    default void aPayloadPastTheLimitIsRejectedAlone() throws Exception {
        int limit = nodes().promise().payloadLimit();
        assumeTrue(limit <= 16 << 20, "Skipped: no payload limit that could be tried");
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        Publication tooLarge = node.publication(new byte[limit + 1], Set.of(channel));
        List<Publication> batch =
                List.of(node.publication("a", channel), tooLarge, node.publication("b", channel));
        Throwable thrown = catchThrowable(() -> node.publish(batch));
        assertThat(thrown.getCause())
                .isInstanceOfSatisfying(
                        PublicationsRejectedException.class,
                        e -> {
                            assertThat(e.reasonFor(tooLarge)).isNotNull();
                            assertThat(e.reasonFor(batch.get(0))).isNull();
                            assertThat(e.reasonFor(batch.get(2))).isNull();
                        });
        node.settle();
        assertThat(node.awaitTexts(channel, 2)).containsExactly("a", "b");
    }

    private void assertArrives(byte[]... payloads) throws Exception {
        Node node = nodes().start();
        String channel = nodes().channel();
        node.subscribe(channel);
        node.publish(Stream.of(payloads).map(p -> node.publication(p, Set.of(channel))).toList());
        List<ChannelEvent> events = node.awaitEvents(channel, payloads.length);
        assertThat(events).hasSameSizeAs(payloads);
        for (int i = 0; i < payloads.length; i++) {
            assertThat(events.get(i).data()).isEqualTo(payloads[i]);
        }
        if (nodes().promise().keepsHistory()) {
            assertThat(node.last(channel, -1).events()).isEqualTo(events);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
