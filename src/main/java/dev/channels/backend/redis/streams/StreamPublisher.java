package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.EventBytes;
import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.Headers;
import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Publishes batches, in chunks that do not keep Redis busy for long. The chunks go one after the
 * other: the script remembers the greatest sequence number that it accepted, so a chunk must not
 * overtake the one before, not even when that one fails. Touched by the loop only.
 */
final class StreamPublisher {

    private static final int CHUNK_APPENDS = 500;
    private static final int CHUNK_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};
    private static final byte[] RECORD_TTL = Text.bytes(AcceptedEvents.RECORD_TTL.toMillis());

    /** Large payloads would overrun the output buffer that Redis has for a subscriber. */
    private static final byte[] MAX_PUSHED = Text.bytes(256 * 1024);

    /** The greatest string Redis takes ({@code proto-max-bulk-len}), less what is put before it. */
    private static final int MAX_PAYLOAD = 512 * 1024 * 1024 - 2 * Headers.MAX_BYTES;

    private final Script script = Script.load(StreamPublisher.class, "publish.lua");
    private final String id = RandomId.text();
    private final Connector connector;
    private final StreamSettings settings;
    private final StreamKeys keys;
    private final ForgottenEvents forgotten;

    /** Of the batch under way; kept while it is repeated, by the identity of its publications. */
    private final Map<Publication, Throwable> refused = new HashMap<>();

    StreamPublisher(Connector connector, StreamSettings settings, StreamKeys keys) {
        this.connector = connector;
        this.settings = settings;
        this.keys = keys;
        forgotten = new ForgottenEvents(connector, keys, id);
    }

    /** Completes when a new link can be used. */
    CompletionStage<Void> restore(Link link) {
        return forgotten.restore(link);
    }

    /** Goes on with what Redis refused in the restoration. */
    void probe(Link link) {
        forgotten.skipAll(link);
    }

    void publish(List<Publication> batch, CompletableFuture<Void> done) {
        new Run(batch, done).next();
    }

    /** One call of publish. */
    private final class Run {

        private final List<Publication> batch;
        private final CompletableFuture<Void> done;
        private int from;

        Run(List<Publication> batch, CompletableFuture<Void> done) {
            this.batch = batch;
            this.done = done;
        }

        void next() {
            try {
                step();
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        }

        private void step() {
            Link link = connector.connectedLink();
            if (from < batch.size() && link == null) {
                done.completeExceptionally(connector.away());
            } else if (from < batch.size() && link != null) {
                send(link, chunk());
            } else {
                settle();
            }
        }

        private void settle() {
            Map<Publication, Throwable> reasons = Map.copyOf(refused);
            refused.clear();
            if (reasons.isEmpty()) {
                done.complete(null);
            } else {
                done.completeExceptionally(new PublicationsRejectedException(reasons));
            }
        }

        private List<Publication> chunk() {
            int to = from;
            int appends = 0;
            long bytes = 0;
            while (to < batch.size() && appends < CHUNK_APPENDS && bytes < CHUNK_BYTES) {
                appends += batch.get(to).channels().size();
                bytes += batch.get(to).payload().length;
                to++;
            }
            List<Publication> chunk = batch.subList(from, to);
            from = to;
            return chunk;
        }

        private void send(Link link, List<Publication> chunk) {
            Map<Integer, Part> parts = new TreeMap<>();
            for (Publication publication : chunk) {
                if (publication.payload().length > MAX_PAYLOAD) {
                    refused.put(
                            publication,
                            new IllegalArgumentException("Redis takes payloads up to 512 MB"));
                } else {
                    for (String channel : publication.channels()) {
                        parts.computeIfAbsent(keys.partition(channel), Part::new)
                                .add(publication, channel);
                    }
                }
            }
            forgotten
                    .skip(link, parts.keySet())
                    .thenCompose(skipped -> send(link, parts.values()))
                    .whenComplete((answered, failure) -> sent(failure));
        }

        private CompletionStage<Void> send(Link link, Collection<Part> parts) {
            return CompletableFuture.allOf(
                    parts.stream()
                            .map(part -> part.publish(link).thenAccept(refused::putAll))
                            .map(CompletionStage::toCompletableFuture)
                            .toArray(CompletableFuture<?>[]::new));
        }

        private void sent(@Nullable Throwable failure) {
            if (failure == null) {
                next();
            } else {
                done.completeExceptionally(Causes.of(failure));
            }
        }
    }

    /** What goes into one hash slot: atomic. */
    private final class Part {

        private final int partition;
        private final Map<String, Integer> channels = new LinkedHashMap<>();
        private final Map<Publication, List<Integer>> publications = new LinkedHashMap<>();

        /** The greatest sequence number here. */
        private long greatest;

        Part(int partition) {
            this.partition = partition;
        }

        void add(Publication publication, String channel) {
            Integer index = channels.computeIfAbsent(channel, name -> channels.size() + 1);
            publications.computeIfAbsent(publication, added -> new ArrayList<>(1)).add(index);
            greatest = publication.sequence();
        }

        /**
         * Completes with what was refused, which is everything where Redis refused the script;
         * fails only if trying again can help.
         */
        CompletionStage<Map<Publication, Throwable>> publish(Link link) {
            return connector
                    .guard(link, bytes(), run(link))
                    .thenApply(this::accepted)
                    .exceptionally(
                            failure -> {
                                Throwable reason = Causes.of(failure);
                                if (reason instanceof BrokerUnavailableException away) {
                                    throw away;
                                }
                                return publications.keySet().stream()
                                        .collect(Collectors.toMap(p -> p, p -> reason));
                            });
        }

        private Map<Publication, Throwable> accepted(Map<Publication, Throwable> but) {
            forgotten.accepted(partition, channels.keySet(), greatest);
            return but;
        }

        private long bytes() {
            return publications.keySet().stream().mapToLong(p -> p.payload().length).sum();
        }

        private CompletionStage<Map<Publication, Throwable>> run(Link link) {
            List<Publication> order = List.copyOf(publications.keySet());
            return script.run(link.keyed(), keys(), arguments(order))
                    .thenApply(
                            reply -> {
                                Map<Publication, Throwable> refused = new HashMap<>();
                                for (Object entry : reply) {
                                    List<?> pair = (List<?>) entry;
                                    int number = ((Long) pair.get(0)).intValue();
                                    Publication publication = order.get(number - 1);
                                    refused.put(
                                            publication,
                                            UnsupportedFormats.explained(
                                                    publication.channels().toString(),
                                                    new RedisCommandExecutionException(
                                                            Text.of(pair.get(1)))));
                                }
                                return refused;
                            });
        }

        private List<String> keys() {
            List<String> names = new ArrayList<>(1 + 2 * channels.size());
            names.add(keys.publisher(partition, id));
            for (String channel : channels.keySet()) {
                names.add(keys.stream(channel));
                names.add(keys.head(channel));
            }
            return names;
        }

        private List<byte[]> arguments(List<Publication> order) {
            List<byte[]> arguments = new ArrayList<>(10 + channels.size() + 2 * order.size());
            arguments.add(Text.bytes(greatest));
            arguments.add(RECORD_TTL);
            // Never used twice: a channel can begin several lives.
            arguments.add(Text.bytes(RandomId.text()));
            arguments.add(Text.bytes(settings.trimming().symbol()));
            arguments.add(each(StreamRetention::history));
            arguments.add(each(kept -> kept.retention().toMillis()));
            arguments.add(each(kept -> kept.headTtl().toMillis()));
            arguments.add(MAX_PUSHED);
            arguments.add(
                    Text.bytes(
                            order.stream()
                                    .map(publication -> Long.toString(publication.sequence()))
                                    .collect(Collectors.joining(" "))));
            arguments.add(Text.bytes(channels.size()));
            channels.keySet().forEach(channel -> arguments.add(Text.bytes(keys.push(channel))));
            for (Publication publication : order) {
                arguments.add(
                        EventBytes.encode(publication.payload(), publication.headers(), NOTHING));
                arguments.add(indexes(publications.getOrDefault(publication, List.of())));
            }
            return arguments;
        }

        /** What is kept of each channel: a number. */
        private byte[] each(Function<StreamRetention, Long> number) {
            return Text.each(channels.keySet().stream().map(settings::retention).map(number));
        }

        private static byte[] indexes(List<Integer> of) {
            return of.size() == 1
                    ? Text.bytes(of.get(0))
                    : Text.bytes(of.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }
}
