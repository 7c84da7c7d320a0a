package dev.channels.backend.redis.pubsub;

import static dev.channels.backend.redis.pubsub.Publishers.Arrival.BEHIND_A_HOLE;
import static dev.channels.backend.redis.pubsub.Publishers.Arrival.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * A publisher, a Redis that loses, refuses and gives no answer at random, and a subscriber who
 * changes the link at times, against a naive model: what is missing between two events of one link
 * is a hole, and nothing else is.
 */
class LostEventsPropertiesTest {

    private static final List<Set<String>> TARGETS =
            List.of(Set.of("a"), Set.of("b"), Set.of("a", "b"));

    @Property(tries = 200)
    void whatIsMissingBetweenTwoEventsOfALinkIsAHoleAndNothingElse(@ForAll Random random) {
        World world = new World(random);
        for (int i = 0; i < 40; i++) {
            world.publishBatch();
        }
        Statistics.label("holes").collect(world.holes > 0);
        Statistics.label("repeated").collect(world.repeated > 0);
        Statistics.label("silent with a link").collect(world.silentWithALink > 0);
        Statistics.label("silent in a batch").collect(world.silentInABatch > 0);
        for (String seen :
                List.of("holes", "repeated", "silent with a link", "silent in a batch")) {
            Statistics.label(seen).coverage(it -> it.check(true).percentage(share -> share > 5));
        }
    }

    private static final class World {
        private final Random random;
        private final Predecessors predecessors = new Predecessors();
        private final Map<String, Listener> listeners =
                Map.of("a", new Listener(), "b", new Listener());
        private long sequence;
        private long firstOfBatch;
        private int link;
        private int holes;
        private int repeated;
        private int silentWithALink;
        private int silentInABatch;

        World(Random random) {
            this.random = random;
        }

        private boolean oneOf(int many) {
            return random.nextInt(many) == 0;
        }

        void publishBatch() {
            firstOfBatch = sequence + 1;
            List<Publication> batch = new ArrayList<>();
            List<Publication> accepted = new ArrayList<>();
            int size = 1 + random.nextInt(4);
            for (int i = 0; i < size; i++) {
                Set<String> channels = TARGETS.get(random.nextInt(TARGETS.size()));
                Publication publication = new Publication(++sequence, new byte[0], channels);
                batch.add(publication);
                // For the sake of a channel that nobody here listens to.
                if (channels.size() == 1 || !oneOf(3)) {
                    accepted.add(publication);
                    channels.forEach(name -> listeners.get(name).published.add(publication));
                }
            }
            while (oneOf(4)) {
                send(batch, 2);
            }
            send(batch, 5);
            predecessors.accepted(accepted);
        }

        private void send(List<Publication> batch, int oneLostOf) {
            predecessors.beginBatch();
            for (Publication publication : batch) {
                for (String channel : publication.channels()) {
                    long predecessor = predecessors.of(channel);
                    if (oneOf(20)) {
                        link++;
                    }
                    if (!oneOf(oneLostOf)) {
                        listeners.get(channel).take(publication, predecessor);
                    }
                }
                predecessors.sent(publication);
            }
        }

        private final class Listener {
            private final Publishers publishers = new Publishers();
            private final List<Publication> published = new ArrayList<>();
            private long last;
            private int lastLink = -1;
            private long another;

            void take(Publication publication, long predecessor) {
                if (oneOf(3)) {
                    publishers.take(link, 7, another + 1, another);
                    another++;
                }
                long number = publication.sequence();
                Publishers.Arrival arrival = publishers.take(link, 1, number, predecessor);
                boolean sameLink = lastLink == link;
                lastLink = link;
                assertThat(arrival == REPEATED)
                        .as("%s after %s", number, last)
                        .isEqualTo(number <= last);
                if (arrival == REPEATED) {
                    repeated++;
                    return;
                }
                List<Publication> missing =
                        published.stream()
                                .filter(it -> last < it.sequence() && it.sequence() < number)
                                .toList();
                last = number;
                if (arrival == BEHIND_A_HOLE) {
                    holes++;
                    assertThat(sameLink).isTrue();
                    assertThat(missing).as("before %s", number).isNotEmpty();
                } else if (!missing.isEmpty() && !sameLink) {
                    silentWithALink++;
                } else if (!missing.isEmpty()) {
                    silentInABatch++;
                    assertThat(missing)
                            .as("before %s", number)
                            .allMatch(
                                    it ->
                                            it.sequence() >= firstOfBatch
                                                    && it.channels().size() > 1);
                }
            }
        }
    }
}
