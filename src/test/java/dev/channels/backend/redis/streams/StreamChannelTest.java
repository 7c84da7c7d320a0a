package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.backend.redis.command.EventBytes;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.spi.contract.RecordingSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class StreamChannelTest {

    private final RecordingSink sink = new RecordingSink();
    private final List<Runnable> said = new ArrayList<>();
    private final PushBuffer.Room room = new PushBuffer.Room(1_000);
    private final StreamChannel channel =
            new StreamChannel(
                    "c",
                    sink,
                    new UnsupportedFormats(said::add),
                    new CompletableFuture<>(),
                    new PushBuffer(room));

    /** Where the stamp of an event is not said, it is this much more than its offset. */
    private static final long STAMP = 1_000;

    private static StreamId id(long offset) {
        return new StreamId(offset, STAMP + offset);
    }

    private static byte[] body(String payload) {
        return EventBytes.encode(Text.bytes(payload), Map.of("h", payload), new byte[0]);
    }

    private static StreamPush push(String epoch, StreamId id, byte[] body) {
        byte[] start = Text.bytes("1:" + epoch + ":" + id.offset() + "-" + id.stamp() + ":");
        byte[] message = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, message, start.length, body.length);
        return StreamPush.decode(message);
    }

    private boolean push(String epoch, StreamId id) {
        return channel.pushed(push(epoch, id, body(Long.toString(id.offset()))));
    }

    private boolean push(String epoch, long offset) {
        return push(epoch, id(offset));
    }

    private boolean resume(String epoch, long offset) {
        return channel.resume(epoch, id(offset));
    }

    private boolean probed(String epoch, long offset) {
        return channel.probed(epoch, id(offset));
    }

    private static StreamEntry entry(String epoch, StreamId id) {
        return StreamEntry.of("c", epoch, id, body(Long.toString(id.offset())));
    }

    private boolean page(String epoch, long head, boolean gap, boolean complete, long... offsets) {
        List<StreamEntry> entries =
                Arrays.stream(offsets).mapToObj(offset -> entry(epoch, id(offset))).toList();
        return channel.read(new StreamPage(epoch, id(head), gap, complete, entries));
    }

    private List<Long> delivered() {
        return sink.events("c").stream().map(event -> event.position().offset()).toList();
    }

    @Test
    void beginsAtTheHead() {
        assertThat(resume("e", 10)).isFalse();
        assertThat(push("e", 10)).isFalse();
        assertThat(push("e", 11)).isFalse();
        assertThat(delivered()).containsExactly(11L);
        assertThat(sink.events("c").get(0).headers()).containsExactly(Map.entry("h", "11"));
    }

    @Test
    void beginsAtTheHeadAlsoIfThingsWerePushedBefore() {
        assertThat(push("e", 10)).isFalse();
        assertThat(push("e", 11)).isFalse();
        assertThat(resume("e", 10)).isFalse();
        assertThat(delivered()).containsExactly(11L);
    }

    @Test
    void beginsBeforeTheFirstEvent() {
        assertThat(channel.resume("e", StreamId.NONE)).isFalse();
        assertThat(push("e", 1)).isFalse();
        assertThat(push("e", 2)).isFalse();
        assertThat(delivered()).containsExactly(1L, 2L);
    }

    @Test
    void beginsBeforeTheFirstEventWhereRedisRefusedToBeginTheLife() {
        assertThat(channel.resume("", StreamId.NONE)).isFalse();
        assertThat(push("e", 1)).isFalse();
        assertThat(push("e", 2)).isFalse();
        assertThat(delivered()).containsExactly(1L, 2L);
    }

    @Test
    void readsWhatAPushDoesNotFollow() {
        resume("e", 10);
        assertThat(push("e", 12)).isTrue();
        assertThat(push("e", 13)).isFalse();
        assertThat(page("e", 13, false, true, 11, 12, 13)).isFalse();
        assertThat(push("e", 13)).isFalse();
        assertThat(push("e", 14)).isFalse();
        assertThat(delivered()).containsExactly(11L, 12L, 13L, 14L);
    }

    @Test
    void takesWhatWasPushedMeanwhile() {
        resume("e", 10);
        push("e", 12);
        push("e", 13);
        push("e", 14);
        assertThat(page("e", 12, false, true, 11, 12)).isFalse();
        assertThat(delivered()).containsExactly(11L, 12L, 13L, 14L);
    }

    @Test
    void readsAgainWhereWhatWasPushedMeanwhileHasAHole() {
        resume("e", 10);
        push("e", 12);
        push("e", 14);
        push("e", 15);
        assertThat(page("e", 12, false, true, 11, 12)).isTrue();
        assertThat(page("e", 14, false, true, 13, 14)).isFalse();
        assertThat(delivered()).containsExactly(11L, 12L, 13L, 14L, 15L);
    }

    @Test
    void readsAgainWhereTheBufferWasFull() {
        resume("e", 10);
        push("e", 12);
        for (long offset = 13; offset < 22; offset++) {
            push("e", offset);
        }
        assertThat(page("e", 12, false, true, 11, 12)).isTrue();
        assertThat(page("e", 21, false, true, 17, 18, 19, 20, 21)).isFalse();
        assertThat(delivered()).startsWith(11L, 12L, 13L).endsWith(20L, 21L).hasSize(11);
        assertThat(sink.duplicates("c")).isZero();
    }

    @Test
    void givesTheRoomOfItsBufferBack() {
        for (int i = 0; i < 10; i++) {
            push("e", 20);
            channel.forget();
        }
        StreamPush large = push("e", id(1), body("x".repeat(390)));
        assertThat(new PushBuffer(room).add(large)).isTrue();
    }

    @Test
    void readsPageAfterPage() {
        resume("e", 10);
        push("e", 14);
        assertThat(page("e", 14, false, false, 11, 12)).isTrue();
        assertThat(channel.last()).isEqualTo(id(12));
        assertThat(page("e", 14, false, true, 13, 14)).isFalse();
        assertThat(delivered()).containsExactly(11L, 12L, 13L, 14L);
    }

    @Test
    void anotherLifeIsRead() {
        resume("e", 10);
        assertThat(push("f", 3)).isTrue();
        assertThat(page("f", 3, true, true, 3)).isFalse();
        assertThat(sink.gaps()).isEqualTo(1);
        assertThat(push("f", 4)).isFalse();
        assertThat(delivered()).containsExactly(3L, 4L);
    }

    @Test
    void anotherLifeIsReadAlsoWhereItsOffsetWouldFollow() {
        resume("e", 10);
        assertThat(push("f", 11)).isTrue();
        assertThat(delivered()).isEmpty();
    }

    @Test
    void anEventWithoutItsPayloadIsRead() {
        resume("e", 10);
        assertThat(channel.pushed(StreamPush.decode(Text.bytes("1:e:11-1011")))).isTrue();
        assertThat(page("e", 11, false, true, 11)).isFalse();
        assertThat(delivered()).containsExactly(11L);
    }

    @Test
    void goesOnAfterAnOutage() {
        resume("e", 10);
        assertThat(resume("e", 10)).isFalse();
        assertThat(resume("e", 12)).isTrue();
        assertThat(channel.last()).isEqualTo(id(10));
        // The link broke while the channel was read.
        assertThat(resume("e", 12)).isTrue();
        assertThat(page("e", 12, false, true, 11, 12)).isFalse();
        assertThat(resume("f", 1)).isTrue();
    }

    @Test
    void whatTheNextLinkPushesBeforeTheHeadIsKnownBeginsNoReadOfItsOwn() {
        resume("e", 10);
        channel.lost();
        assertThat(push("e", 13)).isFalse();
        assertThat(resume("e", 13)).isTrue();
        assertThat(page("e", 13, true, true, 12, 13)).isFalse();
        assertThat(delivered()).containsExactly(12L, 13L);
        assertThat(sink.gaps()).isEqualTo(1);
    }

    @Test
    void goesOnWithWhatTheNextLinkPushesWhereNothingWasMissed() {
        resume("e", 10);
        channel.lost();
        assertThat(push("e", 11)).isFalse();
        assertThat(resume("e", 10)).isFalse();
        assertThat(delivered()).containsExactly(11L);
    }

    @Test
    void aRedisThatForgotItsNewestEventsIsRead() {
        resume("e", 10);
        push("e", 11);
        assertThat(resume("e", 10)).isTrue();
        assertThat(channel.last()).isEqualTo(id(11));
        // Another epoch begins behind what is left.
        assertThat(page("f", 10, false, true)).isFalse();
        assertThat(push("f", 11)).isFalse();
        assertThat(delivered()).containsExactly(11L, 11L);
        assertThat(sink.gaps()).isZero();
    }

    @Test
    void anOffsetGivenOutAgainIsRead() {
        StreamId again = new StreamId(11, STAMP + 500);
        resume("e", 10);
        push("e", 11);
        assertThat(push("e", 11)).isFalse();
        assertThat(push("e", again)).isTrue();
        assertThat(page("f", 11, false, true)).isFalse();
        assertThat(channel.probed("f", id(11))).isFalse();
        assertThat(channel.probed("f", again)).isTrue();
        channel.lost();
        assertThat(channel.resume("f", again)).isTrue();
    }

    @Test
    void aDeletedStreamIsAGapOnce() {
        resume("e", 10);
        assertThat(channel.probed("f", StreamId.NONE)).isTrue();
        assertThat(channel.read(new StreamPage("f", StreamId.NONE, true, true, List.of())))
                .isFalse();
        assertThat(sink.gaps()).isEqualTo(1);
        assertThat(push("f", 1)).isFalse();
        assertThat(delivered()).containsExactly(1L);
        assertThat(sink.gaps()).isEqualTo(1);
    }

    @Test
    void aStreamThatCannotBeReadIsTriedAgainFromTheSamePosition() {
        resume("e", 10);
        assertThat(push("e", 12)).isTrue();
        push("e", 13);
        channel.unreadable();
        assertThat(probed("e", 13)).isTrue();
        assertThat(page("e", 13, false, true, 11, 12, 13)).isFalse();
        assertThat(delivered()).containsExactly(11L, 12L, 13L);
    }

    @Test
    void aProbeOfThePastChangesNothing() {
        resume("e", 10);
        push("e", 11);
        assertThat(probed("e", 10)).isFalse();
        assertThat(probed("e", 12)).isTrue();
        assertThat(probed("e", 13)).isFalse();
    }

    @Test
    void anEventOfANewerVersionIsAGapAndSaidOnce() {
        resume("e", 10);
        byte[] newer = body("x");
        newer[newer.length - 1] = 2;
        assertThat(channel.pushed(push("e", id(11), newer))).isFalse();
        assertThat(push("e", 12)).isFalse();
        StreamEntry unknown = StreamEntry.of("c", "e", id(14), newer);
        push("e", 15);
        assertThat(
                        channel.read(
                                new StreamPage(
                                        "e",
                                        id(15),
                                        false,
                                        true,
                                        List.of(entry("e", id(13)), unknown, entry("e", id(15))))))
                .isFalse();
        assertThat(delivered()).containsExactly(12L, 13L, 15L);
        assertThat(sink.gaps()).isEqualTo(2);
        assertThat(said).hasSize(1);
    }

    @Test
    void aPushOfANewerVersionIsReadAndSaidOnce() {
        StreamPush newer = StreamPush.decode(Text.bytes("2:anything else"));
        resume("e", 10);
        assertThat(channel.pushed(newer)).isTrue();
        assertThat(page("e", 11, false, true, 11)).isFalse();
        assertThat(channel.pushed(newer)).isTrue();
        assertThat(said).hasSize(1);
        assertThat(sink.gaps()).isZero();
    }
}
