package dev.channels.backend.redis.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.Text;
import dev.channels.spi.contract.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class StreamChannelTest {

    private final RecordingSink sink = new RecordingSink();
    private final PushBuffer.Room room = new PushBuffer.Room(1_000);
    private final StreamChannel channel =
            new StreamChannel("c", sink, new CompletableFuture<>(), new PushBuffer(room));

    private boolean push(String epoch, long offset, long previous) {
        String text = epoch + ":" + offset + "-" + (offset - previous) + ":" + offset;
        return channel.pushed(StreamPush.decode(text.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean page(String epoch, long head, boolean gap, boolean complete, long... offsets) {
        List<ChannelEvent> events =
                Arrays.stream(offsets)
                        .mapToObj(
                                offset ->
                                        new ChannelEvent(
                                                "c",
                                                new Position(epoch, offset),
                                                Text.bytes(offset)))
                        .toList();
        return channel.read(new StreamPage(epoch, head, gap, complete, events));
    }

    private List<Long> delivered() {
        return sink.events("c").stream().map(event -> event.position().offset()).toList();
    }

    @Test
    void beginsAtTheHead() {
        assertThat(channel.resume("e", 10)).isFalse();
        assertThat(push("e", 10, 5)).isFalse();
        assertThat(push("e", 15, 10)).isFalse();
        assertThat(delivered()).containsExactly(15L);
    }

    @Test
    void beginsAtTheHeadAlsoIfThingsWerePushedBefore() {
        assertThat(push("e", 10, 5)).isFalse();
        assertThat(push("e", 12, 10)).isFalse();
        assertThat(channel.resume("e", 10)).isFalse();
        assertThat(delivered()).containsExactly(12L);
    }

    @Test
    void beginsBeforeTheFirstEventOfAll() {
        assertThat(channel.resume("", 0)).isFalse();
        assertThat(push("e", 7, 0)).isFalse();
        assertThat(push("e", 8, 7)).isFalse();
        assertThat(delivered()).containsExactly(7L, 8L);
    }

    @Test
    void readsWhatAPushDoesNotFollow() {
        channel.resume("e", 10);
        assertThat(push("e", 20, 15)).isTrue();
        assertThat(push("e", 25, 20)).isFalse();
        assertThat(page("e", 25, false, true, 15, 20, 25)).isFalse();
        assertThat(push("e", 25, 20)).isFalse();
        assertThat(push("e", 30, 25)).isFalse();
        assertThat(delivered()).containsExactly(15L, 20L, 25L, 30L);
    }

    @Test
    void takesWhatWasPushedMeanwhile() {
        channel.resume("e", 10);
        push("e", 20, 15);
        push("e", 25, 20);
        push("e", 30, 25);
        assertThat(page("e", 20, false, true, 15, 20)).isFalse();
        assertThat(delivered()).containsExactly(15L, 20L, 25L, 30L);
    }

    @Test
    void readsAgainWhereWhatWasPushedMeanwhileHasAHole() {
        channel.resume("e", 10);
        push("e", 20, 15);
        push("e", 30, 25);
        push("e", 35, 30);
        assertThat(page("e", 20, false, true, 15, 20)).isTrue();
        assertThat(page("e", 30, false, true, 25, 30)).isFalse();
        assertThat(delivered()).containsExactly(15L, 20L, 25L, 30L, 35L);
    }

    @Test
    void readsAgainWhereTheBufferWasFull() {
        channel.resume("e", 10);
        push("e", 20, 15);
        for (long offset = 21; offset < 30; offset++) {
            push("e", offset, offset - 1);
        }
        assertThat(page("e", 20, false, true, 15, 20)).isTrue();
        assertThat(page("e", 29, false, true, 25, 26, 27, 28, 29)).isFalse();
        assertThat(delivered())
                .containsExactly(15L, 20L, 21L, 22L, 23L, 24L, 25L, 26L, 27L, 28L, 29L);
    }

    @Test
    void givesTheRoomOfItsBufferBack() {
        for (int i = 0; i < 10; i++) {
            push("e", 20, 15);
            channel.forget();
        }
        String large = "e:1-1:" + "x".repeat(800);
        assertThat(new PushBuffer(room).add(StreamPush.decode(Text.bytes(large)))).isTrue();
    }

    @Test
    void readsPageAfterPage() {
        channel.resume("e", 10);
        push("e", 30, 25);
        assertThat(page("e", 30, false, false, 15, 20)).isTrue();
        assertThat(channel.offset()).isEqualTo(20);
        assertThat(page("e", 30, false, true, 25, 30)).isFalse();
        assertThat(delivered()).containsExactly(15L, 20L, 25L, 30L);
    }

    @Test
    void anotherLifeIsRead() {
        channel.resume("e", 10);
        assertThat(push("f", 3, 0)).isTrue();
        assertThat(page("f", 3, true, true, 3)).isFalse();
        assertThat(sink.gaps()).isEqualTo(1);
        assertThat(push("f", 4, 3)).isFalse();
        assertThat(delivered()).containsExactly(3L, 4L);
    }

    @Test
    void anEventWithoutItsPayloadIsRead() {
        channel.resume("e", 10);
        assertThat(channel.pushed(StreamPush.decode(Text.bytes("e:11-1")))).isTrue();
        assertThat(page("e", 11, false, true, 11)).isFalse();
        assertThat(delivered()).containsExactly(11L);
    }

    @Test
    void goesOnAfterAnOutage() {
        channel.resume("e", 10);
        assertThat(channel.resume("e", 10)).isFalse();
        assertThat(channel.resume("e", 12)).isTrue();
        assertThat(channel.offset()).isEqualTo(10);
        // The link broke while the channel was read.
        assertThat(channel.resume("e", 12)).isTrue();
        assertThat(page("e", 12, false, true, 12)).isFalse();
        assertThat(channel.resume("f", 1)).isTrue();
    }

    @Test
    void whatTheNextLinkPushesBeforeTheHeadIsKnownBeginsNoReadOfItsOwn() {
        channel.resume("e", 10);
        channel.lost();
        assertThat(push("e", 30, 25)).isFalse();
        assertThat(channel.resume("e", 30)).isTrue();
        assertThat(page("e", 30, true, true, 25, 30)).isFalse();
        assertThat(delivered()).containsExactly(25L, 30L);
        assertThat(sink.gaps()).isEqualTo(1);
    }

    @Test
    void goesOnWithWhatTheNextLinkPushesWhereNothingWasMissed() {
        channel.resume("e", 10);
        channel.lost();
        assertThat(push("e", 12, 10)).isFalse();
        assertThat(channel.resume("e", 10)).isFalse();
        assertThat(delivered()).containsExactly(12L);
    }

    @Test
    void aRedisThatForgotItsNewestEventsIsTold() {
        channel.resume("e", 10);
        push("e", 12, 10);
        assertThat(channel.resume("e", 11)).isTrue();
        assertThat(page("e", 12, false, true)).isFalse();
        assertThat(push("e", 20, 12)).isFalse();
        assertThat(delivered()).containsExactly(12L, 20L);
        assertThat(sink.gaps()).isZero();
    }

    @Test
    void aDeletedStreamIsAGapOnce() {
        channel.resume("e", 10);
        assertThat(channel.probed("", 0)).isTrue();
        assertThat(page("", 0, true, true)).isFalse();
        assertThat(sink.gaps()).isEqualTo(1);
        assertThat(push("f", 20, 0)).isFalse();
        assertThat(delivered()).containsExactly(20L);
        assertThat(sink.gaps()).isEqualTo(1);
    }

    @Test
    void aStreamThatCannotBeReadIsTriedAgainFromTheSamePosition() {
        channel.resume("e", 10);
        assertThat(push("e", 20, 15)).isTrue();
        push("e", 25, 20);
        channel.unreadable();
        assertThat(channel.probed("e", 25)).isTrue();
        assertThat(page("e", 25, false, true, 15, 20, 25)).isFalse();
        assertThat(delivered()).containsExactly(15L, 20L, 25L);
    }

    @Test
    void aProbeOfThePastChangesNothing() {
        channel.resume("e", 10);
        push("e", 12, 10);
        assertThat(channel.probed("e", 11)).isFalse();
        assertThat(channel.probed("e", 13)).isTrue();
        assertThat(channel.probed("e", 14)).isFalse();
    }
}
