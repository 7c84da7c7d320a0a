package dev.channels.internal.stream;

import static dev.channels.test.Events.event;
import static dev.channels.test.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.test.Threads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Joins and live events in any order, against a naive model: the stream of a channel is what was
 * published to it, from the start on, and what is missing was dropped and has a gap in its place.
 */
class StreamQueuePropertiesTest {

    private static final int PAGE = 2;

    @Property
    void withinItsLimitsAStreamIsWhole(@ForAll("steps") List<Integer> steps) {
        World world = new World(Integer.MAX_VALUE, BacklogStrategy.BACKOFF, true);
        world.run(steps);
        assertThat(world.dropped).isEmpty();
        assertThat(world.gaps).isZero();
        Statistics.label("held while a history was read").collect(world.held > 0);
        Statistics.label("in the history and live").collect(world.covered > 0);
        Statistics.label("read on").collect(world.readOn > 0);
        for (String race :
                List.of("held while a history was read", "in the history and live", "read on")) {
            Statistics.label(race).coverage(it -> it.check(true).percentage(share -> share > 5));
        }
    }

    @Property
    void whatIsMissingWasDroppedAndHasAGap(
            @ForAll("steps") List<Integer> steps,
            @ForAll @IntRange(min = 1, max = 4) int limit,
            @ForAll boolean dropleft,
            @ForAll boolean history) {
        World world =
                new World(
                        limit,
                        dropleft ? BacklogStrategy.DROPLEFT : BacklogStrategy.BACKOFF,
                        history);
        world.run(steps);
        Statistics.label("dropped").collect(!world.dropped.isEmpty());
        Statistics.label("dropped").coverage(it -> it.check(true).percentage(share -> share > 5));
    }

    @Property
    void aStreamThatEndsWhenFullLosesNothingUnseen(
            @ForAll("steps") List<Integer> steps, @ForAll @IntRange(min = 1, max = 4) int limit) {
        World world = new World(limit, BacklogStrategy.DISCONNECT, true);
        for (int step : steps) {
            int before = world.dropped.size();
            int waiting = world.queue.size();
            world.step(step);
            int lost = world.dropped.size() - before;
            if (lost > 0) {
                assertThat(lost).isGreaterThan(waiting);
                assertThat(world.queue.isEmpty()).isTrue();
                assertThat(world.queue.size()).isZero();
                return;
            }
        }
    }

    /** Of two events in the history one is received, and then a live one is dropped. */
    @Example
    void aGapStandsBehindWhatIsReplayed() {
        World world = new World(1, BacklogStrategy.DROPLEFT, true);
        world.run(List.of(0, 0, 6, 6, 150, 12, 16, 16, 0, 0, 6, 6));
        assertThat(world.gaps).isOne();
    }

    /** The first event after a join is dropped before the consumer has seen the join. */
    @Example
    void aGapStandsBehindTheJoin() {
        World world = new World(1, BacklogStrategy.DROPLEFT, true);
        world.run(List.of(570, 0, 0, 6, 412));
        assertThat(world.gaps).isOne();
    }

    @Provide
    static Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers()
                .between(0, 599)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .list()
                .ofMinSize(30)
                .ofMaxSize(150);
    }

    /** A broker with two channels, a node to which its events come late, and a consumer. */
    private static final class World {
        final StreamQueue queue;
        final boolean history;
        final Map<String, Model> channels = new TreeMap<>();
        final List<ChannelEvent> dropped = new ArrayList<>();
        int gaps;
        int held;
        int covered;
        int readOn;

        World(int limit, BacklogStrategy strategy, boolean history) {
            this.history = history;
            queue = new StreamQueue(new Limits(limit, Long.MAX_VALUE, strategy, Threads.PATIENCE));
            channels.put("a", new Model("a"));
            channels.put("b", new Model("b"));
        }

        void run(List<Integer> steps) {
            steps.forEach(this::step);
            while (goOn()) {
                assertThat(queue.size()).isNotNegative();
            }
            assertThat(queue.isEmpty()).isTrue();
            assertThat(queue.size()).isZero();
            channels.values().forEach(Model::end);
        }

        void step(int number) {
            Model channel = channels.get(number % 2 == 0 ? "a" : "b");
            switch (number / 2 % 10) {
                case 0, 1, 2 -> channel.published++;
                case 3, 4, 9 -> channel.deliver();
                case 5 -> channel.joinOrLeave(number / 20);
                case 6 -> channel.answer();
                case 7 -> take(queue.takeRead());
                default -> receive(queue.poll());
            }
        }

        /** Does what is left to be done; false if nothing is. */
        private boolean goOn() {
            boolean did = false;
            for (Model channel : channels.values()) {
                did |= channel.deliver();
                did |= channel.answer();
            }
            did |= take(queue.takeRead());
            return did | receive(queue.poll());
        }

        private boolean take(@Nullable Runnable read) {
            if (read == null) {
                return false;
            }
            readOn++;
            read.run();
            return true;
        }

        private boolean receive(@Nullable Delivery delivery) {
            if (delivery == null) {
                return false;
            }
            if (delivery instanceof Joined joined) {
                channels.get(joined.channel()).joined(joined);
            } else if (delivery instanceof Gap gap) {
                channels.get(gap.channel()).gap();
            } else if (delivery instanceof ChannelEvent event) {
                channels.get(event.channel()).received(event.position().offset());
            }
            return true;
        }

        /** What one channel and the consumer's view of it must be like. */
        private final class Model {
            private final String name;
            private int published;
            private int delivered;
            private @Nullable Session session;
            private final Set<Long> lost = new HashSet<>();
            private final Map<ChannelEvent, Session> owners = new IdentityHashMap<>();
            private final Map<Joined, Long> starts = new IdentityHashMap<>();
            private long last;
            private boolean strict;
            private boolean gap;

            Model(String name) {
                this.name = name;
            }

            boolean deliver() {
                if (delivered == published) {
                    return false;
                }
                delivered++;
                int before = queue.size();
                ChannelEvent event = event(name, delivered);
                owners.put(event, session);
                List<ChannelEvent> now = queue.add(event);
                if (now == null) {
                    return true;
                }
                Session current = session;
                if (current != null && current.reading) {
                    held++;
                } else if (now.isEmpty() && queue.size() == before) {
                    covered++;
                }
                drop(now);
                return true;
            }

            private void drop(List<ChannelEvent> events) {
                dropped.addAll(events);
                events.forEach(it -> channels.get(it.channel()).lose(it));
            }

            /** What a channel has left behind when it was left is no loss to who joins it again. */
            private void lose(ChannelEvent event) {
                if (owners.get(event) == session) {
                    lost.add(event.position().offset());
                }
            }

            void joinOrLeave(int how) {
                if (session == null) {
                    session = new Session(how);
                } else {
                    queue.leave(name);
                    session = null;
                    strict = false;
                }
            }

            boolean answer() {
                return session != null && session.answer();
            }

            void joined(Joined joined) {
                last = starts.get(joined);
                strict = session != null && joined == session.joined;
                gap = false;
            }

            void gap() {
                gaps++;
                gap = true;
            }

            /** In order always; and after the last one, unless the channel was left meanwhile. */
            void received(long offset) {
                assertThat(offset).isGreaterThan(last);
                if (strict) {
                    assertThat(lost).as("%s was dropped", offset).doesNotContain(offset);
                    requireLost(offset - 1);
                }
                gap = false;
                last = offset;
            }

            private void requireLost(long to) {
                if (last < to) {
                    assertThat(gap).as("A gap of %s after %s up to %s", name, last, to).isTrue();
                    for (long missing = last + 1; missing <= to; missing++) {
                        assertThat(lost).contains(missing);
                    }
                } else {
                    assertThat(gap).as("A gap of %s after %s", name, last).isFalse();
                }
            }

            void end() {
                if (session != null) {
                    assertThat(strict).as("%s is joined", name).isTrue();
                    requireLost(published);
                }
            }

            /** From a join to when the channel is left. */
            private final class Session {
                private final FollowedChannel followed = queue.follow(name, history);
                private final int how;
                private @Nullable Joined joined;
                private boolean reading = true;
                private int seen = published;
                private long given;

                Session(int how) {
                    this.how = how;
                    given = delivered;
                    lost.clear();
                }

                /** Reads on, from where the page before ended. */
                void read() {
                    if (session == this) {
                        queue.holdAgain(followed);
                        reading = true;
                        seen = published;
                    }
                }

                /** What was there when the read began is handed over. */
                boolean answer() {
                    if (!reading) {
                        return false;
                    }
                    reading = false;
                    Joined beginning = null;
                    if (!history) {
                        beginning = new Joined(name, null, true, 0);
                        joined = beginning;
                        starts.put(beginning, given);
                        drop(queue.replay(followed, beginning, List.of(), true, this::read));
                        return true;
                    }
                    if (joined == null) {
                        given = beginning();
                        beginning = new Joined(name, new Position("epoch", given), true, 0);
                        joined = beginning;
                        starts.put(beginning, given);
                    }
                    List<ChannelEvent> page = events(name, given + 1, Math.min(seen, given + PAGE));
                    given += page.size();
                    drop(queue.replay(followed, beginning, page, given == seen, this::read));
                    return true;
                }

                private long beginning() {
                    return switch (how % 3) {
                        case 0 -> seen;
                        case 1 -> Math.max(0, seen - how / 3);
                        default -> Math.min(seen, how / 3);
                    };
                }
            }
        }
    }
}
