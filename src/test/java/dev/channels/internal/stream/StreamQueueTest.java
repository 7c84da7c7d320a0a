package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static dev.channels.test.Events.offsets;
import static dev.channels.test.Events.sized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.Joined;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamQueueTest {

    private static final Joined JOINED = new Joined("a", null, true, 0);

    private static StreamQueue queue(int events, long bytes, BacklogStrategy strategy) {
        StreamQueue queue =
                new StreamQueue(new Limits(events, bytes, strategy, Duration.ofSeconds(10)));
        for (String channel : List.of("a", "b", "c")) {
            flow(queue, channel);
        }
        return queue;
    }

    private static void flow(StreamQueue queue, String channel) {
        queue.replay(queue.follow(channel, false), null, List.of(), true, () -> {});
    }

    private static StreamQueue unbounded() {
        return queue(Integer.MAX_VALUE, Long.MAX_VALUE, BacklogStrategy.BACKOFF);
    }

    private static void addAll(StreamQueue queue, List<ChannelEvent> events) {
        for (ChannelEvent event : events) {
            assertThat(queue.add(event)).isEmpty();
        }
    }

    private static List<Long> drain(StreamQueue queue) {
        List<ChannelEvent> all = new ArrayList<>();
        for (Delivery next = queue.poll(); next != null; next = queue.poll()) {
            if (next instanceof ChannelEvent event) {
                all.add(event);
            }
        }
        return offsets(all);
    }

    @Test
    void whatWasGivenIsRememberedOfEachChannel() {
        StreamQueue queue = unbounded();
        List<String> channels = List.of("a", "b", "c");
        channels.forEach(channel -> addAll(queue, events(channel, 3, 3)));
        channels.forEach(channel -> queue.replayInFront(Map.of(channel, events(channel, 1, 3))));
        channels.forEach(channel -> addAll(queue, events(channel, 4, 4)));
        assertThat(drain(queue)).containsExactly(1L, 2L, 1L, 2L, 1L, 2L, 3L, 3L, 3L, 4L, 4L, 4L);
    }

    // ---- Bounds

    @Test
    void backoffDropsTheNewest() {
        StreamQueue queue = queue(2, Long.MAX_VALUE, BacklogStrategy.BACKOFF);
        addAll(queue, events("a", 1, 2));
        assertThat(offsets(queue.add(event("a", 3)))).containsExactly(3L);
        assertThat(drain(queue)).containsExactly(1L, 2L);
        assertThat(queue.add(event("a", 4))).isEmpty();
    }

    @Test
    void dropleftEvictsTheOldest() {
        StreamQueue queue = queue(2, Long.MAX_VALUE, BacklogStrategy.DROPLEFT);
        addAll(queue, events("a", 1, 2));
        assertThat(offsets(queue.add(event("a", 3)))).containsExactly(1L);
        assertThat(drain(queue)).containsExactly(2L, 3L);
    }

    @Test
    void disconnectDropsEverything() {
        StreamQueue queue = queue(2, Long.MAX_VALUE, BacklogStrategy.DISCONNECT);
        addAll(queue, events("a", 1, 2));
        assertThat(offsets(queue.add(event("a", 3)))).containsExactly(1L, 2L, 3L);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void bytesAreBounded() {
        StreamQueue queue = queue(100, 300, BacklogStrategy.BACKOFF);
        addAll(queue, List.of(sized("a", 1, 100), sized("a", 2, 100), sized("a", 3, 100)));
        assertThat(queue.add(sized("a", 4, 100))).hasSize(1);
        queue.poll();
        assertThat(queue.add(sized("a", 5, 100))).isEmpty();
    }

    @Test
    void dropleftEvictsAsManyAsTheBytesOfTheNewOneNeed() {
        StreamQueue queue = queue(100, 300, BacklogStrategy.DROPLEFT);
        addAll(queue, List.of(sized("a", 1, 100), sized("a", 2, 100), sized("a", 3, 100)));
        assertThat(offsets(queue.add(sized("a", 4, 200)))).containsExactly(1L, 2L);
        assertThat(drain(queue)).containsExactly(3L, 4L);
    }

    @Test
    void oneEventLargerThanTheBoundFitsAlone() {
        StreamQueue queue = queue(100, 300, BacklogStrategy.DROPLEFT);
        addAll(queue, List.of(sized("a", 1, 1_000)));
        assertThat(offsets(queue.add(sized("a", 2, 1_000)))).containsExactly(1L);
        assertThat(drain(queue)).containsExactly(2L);
    }

    @Test
    void emptyPayloadsAreNotFree() {
        StreamQueue queue = queue(1_000, 640, BacklogStrategy.BACKOFF);
        int taken = 0;
        for (int i = 1; i <= 100; i++) {
            taken += queue.add(sized("a", i, 0)).isEmpty() ? 1 : 0;
        }
        assertThat(taken).isEqualTo(10);
    }

    // ---- History

    @Test
    void historyComesBeforeLiveEventsThatCameFirst() {
        StreamQueue queue = unbounded();
        addAll(queue, events("a", 4, 5));
        queue.replayInFront(Map.of("a", events("a", 1, 3)));
        assertThat(drain(queue)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void historyThatOverlapsLiveEventsIsCutOff() {
        StreamQueue queue = unbounded();
        addAll(queue, events("a", 4, 5));
        queue.replayInFront(Map.of("a", events("a", 2, 6)));
        assertThat(drain(queue)).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void liveEventsThatTheHistoryHadAreLeftOut() {
        StreamQueue queue = unbounded();
        queue.replayInFront(Map.of("a", events("a", 1, 3)));
        addAll(queue, events("a", 2, 5));
        assertThat(drain(queue)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void channelsAreJoinedEachForItself() {
        StreamQueue queue = unbounded();
        addAll(queue, List.of(event("a", 4)));
        queue.replayInFront(Map.of("a", events("a", 3, 4), "b", events("b", 8, 9)));
        addAll(queue, List.of(event("b", 9), event("a", 5), event("b", 10)));
        List<ChannelEvent> all = new ArrayList<>();
        for (Delivery next = queue.poll(); next != null; next = queue.poll()) {
            if (next instanceof ChannelEvent event) {
                all.add(event);
            }
        }
        assertThat(offsets(all.stream().filter(e -> e.channel().equals("a")).toList()))
                .containsExactly(3L, 4L, 5L);
        assertThat(offsets(all.stream().filter(e -> e.channel().equals("b")).toList()))
                .containsExactly(8L, 9L, 10L);
    }

    @Test
    void historyIsNotGivenTwice() {
        StreamQueue queue = unbounded();
        queue.replayInFront(Map.of("a", events("a", 3, 5)));
        queue.replayInFront(Map.of("a", events("a", 3, 5)));
        assertThat(drain(queue)).containsExactly(3L, 4L, 5L);
        queue.prepend(Map.of("a", events("a", 3, 5)));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void olderHistoryComesBeforeHistoryThatStillWaits() {
        StreamQueue running = unbounded();
        running.replayInFront(Map.of("a", events("a", 3, 5)));
        running.replayInFront(Map.of("a", events("a", 1, 5)));
        assertThat(drain(running)).containsExactly(1L, 2L, 3L, 4L, 5L);

        StreamQueue passive = unbounded();
        passive.prepend(Map.of("a", events("a", 3, 5)));
        passive.prepend(Map.of("a", events("a", 1, 5)));
        assertThat(drain(passive)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void historyOfNewEpochIsNotGivenTwice() {
        StreamQueue queue = unbounded();
        addAll(queue, List.of(event("a", "old", 7), event("a", "new", 1), event("a", "new", 2)));
        queue.replayInFront(Map.of("a", List.of(event("a", "new", 1), event("a", "new", 2))));
        assertThat(queue.size()).isEqualTo(3);
    }

    @Test
    void consumedHistoryIsNotBoundByTheLimit() {
        StreamQueue queue = queue(2, Long.MAX_VALUE, BacklogStrategy.DROPLEFT);
        queue.replayInFront(Map.of("a", events("a", 1, 100)));
        addAll(queue, events("a", 101, 102));
        assertThat(offsets(queue.add(event("a", 103)))).containsExactly(101L);
        assertThat(queue.size()).isEqualTo(102);
        assertThat(drain(queue)).startsWith(1L, 2L).endsWith(100L, 102L, 103L);
    }

    @Test
    void passiveHistoryThatDoesNotFitIsRefusedAndChangesNothing() {
        StreamQueue queue = queue(3, Long.MAX_VALUE, BacklogStrategy.DROPLEFT);
        addAll(queue, events("a", 3, 4));
        assertThatThrownBy(() -> queue.prepend(Map.of("a", events("a", 1, 4))))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.HISTORY_TOO_LARGE))
                .hasMessageContaining("2 events")
                .hasMessageContaining("channels.subscriber-max-backlog");
        queue.prepend(Map.of("a", events("a", 2, 4)));
        assertThat(drain(queue)).containsExactly(2L, 3L, 4L);
    }

    @Test
    void passiveHistoryIsBoundInBytes() {
        StreamQueue queue = queue(100, 200, BacklogStrategy.BACKOFF);
        List<ChannelEvent> history =
                List.of(sized("a", 1, 100), sized("a", 2, 100), sized("a", 3, 100));
        assertThatThrownBy(() -> queue.prepend(Map.of("a", history)))
                .isInstanceOf(ChannelsException.class);
        queue.prepend(Map.of("a", history.subList(1, 3)));
        assertThat(queue.add(sized("a", 4, 100))).hasSize(1);
    }

    @Test
    void passiveHistoryCountsAsBacklog() {
        StreamQueue queue = queue(3, Long.MAX_VALUE, BacklogStrategy.BACKOFF);
        queue.prepend(Map.of("a", events("a", 1, 3)));
        assertThat(queue.add(event("a", 4))).hasSize(1);
    }

    @Test
    void emptyHistoryFitsIntoAFullBacklog() {
        StreamQueue queue = queue(2, Long.MAX_VALUE, BacklogStrategy.BACKOFF);
        addAll(queue, events("a", 1, 2));
        queue.prepend(Map.of("a", List.of()));
        queue.prepend(Map.of());
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void removeAllLeavesNothing() {
        StreamQueue queue = queue(5, 500, BacklogStrategy.BACKOFF);
        addAll(queue, List.of(sized("a", 4, 250), sized("a", 5, 250)));
        queue.replayInFront(Map.of("a", events("a", 1, 3)));
        assertThat(offsets(queue.removeAll())).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
    }

    // ---- The history that a stream begins with

    @Test
    void streamBeginsWithAHistoryThatFitsByItself() {
        StreamQueue queue = queue(3, Long.MAX_VALUE, BacklogStrategy.BACKOFF);
        FollowedChannel a = queue.follow("a", false);
        addAll(queue, events("a", 3, 5));
        assertThat(offsets(queue.begin(a, JOINED, events("a", 1, 3)))).containsExactly(4L, 5L);
        assertThat(drain(queue)).containsExactly(1L, 2L, 3L);

        StreamQueue leftDropping = queue(3, Long.MAX_VALUE, BacklogStrategy.DROPLEFT);
        FollowedChannel left = leftDropping.follow("a", false);
        addAll(leftDropping, events("a", 3, 5));
        assertThat(offsets(leftDropping.begin(left, JOINED, events("a", 1, 3))))
                .containsExactly(1L, 2L);
        assertThat(drain(leftDropping)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void streamDoesNotBeginWithAHistoryThatCouldNeverFit() {
        StreamQueue queue = queue(3, Long.MAX_VALUE, BacklogStrategy.DROPLEFT);
        FollowedChannel a = queue.follow("a", false);
        addAll(queue, events("a", 5, 6));
        assertThatThrownBy(() -> queue.begin(a, JOINED, events("a", 1, 5)))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.HISTORY_TOO_LARGE));
        queue.release();
        assertThat(drain(queue)).containsExactly(5L, 6L);
    }

    @Test
    void emptyQueueHoldsOnToNoBurst() {
        List<ChannelEvent> past = events("a", 1, 10_000);
        List<ChannelEvent> burst = events("a", 10_001, 20_000);
        List<StreamQueue> queues = new ArrayList<>();
        long before = usedHeap();
        for (int i = 0; i < 300; i++) {
            StreamQueue queue = unbounded();
            queue.replayInFront(Map.of("a", past));
            burst.forEach(queue::add);
            assertThat(drain(queue)).hasSize(20_000);
            queues.add(queue);
        }
        // Each of the two arrays that a queue would keep is larger than 40,000 bytes.
        assertThat((usedHeap() - before) / queues.size()).isLessThan(10_000);
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
