package dev.channels.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.Refused;
import dev.channels.endpoint.write.FakeRemote;
import dev.channels.endpoint.write.ResponseWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseStreamTest {

    private final FakeRemote remote = new FakeRemote();
    private final List<String> told = new ArrayList<>();
    private final List<String> joined = new ArrayList<>();
    private final ResponseWriter writer = new ResponseWriter(remote, () -> told.add("over"));
    private final SseStream.Owner owner =
            new SseStream.Owner() {
                @Override
                public boolean recovers(String channel) {
                    return !channel.startsWith("no-");
                }

                @Override
                public void joined(String channel) {
                    joined.add(channel);
                }

                @Override
                public void pinged() {
                    told.add("pinged");
                }

                @Override
                public long refused(Refused refused) {
                    told.add("refused");
                    return 30_000;
                }

                @Override
                public long comeBackAfter() {
                    return 7000;
                }

                @Override
                public void ends(Throwable failure) {
                    // For those who want to know why.
                }
            };
    private final SseStream stream = new SseStream(writer, false, 2, owner);
    private int sent;
    private int skipped;
    private final Completion done =
            new Completion() {
                @Override
                public void sent() {
                    sent++;
                }

                @Override
                public void skipped(Throwable cause) {
                    skipped++;
                }

                @Override
                public void failed(Throwable cause) {
                    told.add("failed");
                }
            };

    SseStreamTest() {
        remote.begin(writer);
        remote.endsAtOnce = true;
    }

    private void send(Delivery... deliveries) throws Exception {
        for (Delivery delivery : deliveries) {
            stream.send(delivery, done);
        }
        stream.flush();
    }

    private static ChannelEvent event(String channel, long offset, String text) {
        return new ChannelEvent(
                channel, new Position("e", offset), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Joined joined(String channel, long offset) {
        return new Joined(channel, new Position("e", offset), true, 0);
    }

    private String written() {
        String all = remote.all();
        remote.written.clear();
        return all;
    }

    @Test
    void everyEventSaysWhereTheWholeStreamStands() throws Exception {
        send(joined("a", 3), joined("b", 0));
        assertThat(written())
                .isEqualTo(
                        "id: e/a:3\nevent: joined\ndata: a\n\n"
                                + "id: e/a:3,b:0\nevent: joined\ndata: b\n\n");
        assertThat(joined).containsExactly("a", "b");
        send(event("b", 1, "x"), event("a", 4, "y"));
        assertThat(written())
                .isEqualTo(
                        "id: e/a:3,b:1\nevent: b\ndata: x\n\n"
                                + "id: e/a:4,b:1\nevent: a\ndata: y\n\n");
        assertThat(sent).isEqualTo(4);
    }

    @Test
    void whatTheClientHasHadIsKeptUntilItsChannelIsJoined() throws Exception {
        stream.beginsAfter("a", new Position("e", 3));
        stream.beginsAfter("b", new Position("e", 7));
        stream.beginsAfter("gone", new Position("e", 1));
        send(new Joined("gone", null, true, 0), joined("a", 3));
        assertThat(written()).isEqualTo("id: e/a:3,b:7\nevent: joined\ndata: a\n\n");
    }

    @Test
    void channelWithoutPositionsHasNone() throws Exception {
        send(
                new Joined("a", null, true, 0),
                event("a", 1, "x"),
                joined("no-recovery", 3),
                event("no-recovery", 4, "y"));
        assertThat(written()).isEqualTo("event: a\ndata: x\n\nevent: no-recovery\ndata: y\n\n");
    }

    @Test
    void gapIsToldBeforeTheClientIsPastIt() throws Exception {
        send(new Joined("a", new Position("e", 9), false, 0));
        assertThat(written())
                .isEqualTo("event: gap\ndata: a\n\nid: e/a:9\nevent: joined\ndata: a\n\n");
        send(new Gap("a", Gap.Cause.BACKLOG), event("a", 12, "x"));
        assertThat(written()).isEqualTo("event: gap\ndata: a\n\nid: e/a:12\nevent: a\ndata: x\n\n");
    }

    @Test
    void eventThatIsNoTextIsPassedBy() throws Exception {
        send(joined("a", 0));
        written();
        send(new ChannelEvent("a", new Position("e", 1), new byte[] {(byte) 0xFF}));
        assertThat(written()).isEqualTo("id: e/a:1\n\n");
        assertThat(skipped).isEqualTo(1);
    }

    @Test
    void noteIsAComment() throws Exception {
        send(new Note("ping", 3));
        assertThat(written()).isEqualTo(":\n\n");
        assertThat(told).containsExactly("pinged");
    }

    @Test
    void channelThatIsRefusedEndsTheResponseForAWhile() {
        ChannelsException reason = new ChannelsException(ErrorCode.SUBSCRIBE_FAILED, "no");
        assertThatThrownBy(() -> send(new Refused("a", reason))).isInstanceOf(IOException.class);
        assertThat(told).containsExactly("refused");
        stream.ended(new IOException());
        assertThat(written()).isEqualTo("retry: 30000\n\n");
        assertThat(remote.closed).isEqualTo(1);
    }

    @Test
    void clientIsToldHowLongToStayAwayFromAnApplicationThatStops() throws Exception {
        stream.ended(null);
        assertThat(written()).isEqualTo("retry: 7000\n\n");
        assertThat(remote.closed).isEqualTo(1);
        assertThat(told).containsExactly("over");
    }

    @Test
    void clientOfAnApplicationThatHasStoppedIsToldToo() {
        stream.ended(new ChannelsException(ErrorCode.NOT_RUNNING, "stopped"));
        assertThat(written()).isEqualTo("retry: 7000\n\n");
    }

    @Test
    void slowClientComesBackByItself() {
        stream.ended(new ChannelsException(ErrorCode.EVENTS_DROPPED, "slow"));
        assertThat(written()).isEmpty();
        assertThat(remote.closed).isEqualTo(1);
    }

    @Test
    void idsOfManyChannelsDoNotGrowPastThePayloads() throws Exception {
        assertThat(stream.maxInFlight()).isEqualTo(256);
        SseStream many = new SseStream(writer, false, 40, owner);
        for (int i = 0; i < 40; i++) {
            String name = "x".repeat(38) + (10 + i);
            many.send(joined(name, Long.MAX_VALUE - 1), done);
        }
        many.flush();
        int size = written().lines().mapToInt(String::length).max().orElseThrow();
        assertThat(size).isGreaterThan(2000);
        assertThat(size * many.maxInFlight()).isLessThanOrEqualTo(128 * 1024);
        assertThat(new SseStream(writer, false, 100_000, owner).maxInFlight()).isEqualTo(16);
    }

    @Test
    void joinIsInFlightUntilItHasLeft() throws Exception {
        remote.endsAtOnce = false;
        send(joined("a", 3));
        assertThat(sent).isZero();
        remote.endWrite();
        assertThat(sent).isEqualTo(1);
    }
}
