package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes a gap of events that Redis accepted and then forgot, in a crash or a fail-over: where none
 * of those who got them comes back first, only their publisher knows that they ever were. It
 * compares, at the beginning of a link, what it was told with its record in Redis. A Redis that
 * refuses the gap for now is asked again by each probe, and before the next event that would come
 * behind it. Touched by the loop only.
 */
final class ForgottenEvents {

    private final Script skip = Script.load(ForgottenEvents.class, "skip.lua");
    private final Connector connector;
    private final StreamKeys keys;
    private final String publisher;
    private final AcceptedEvents accepted;

    /** Channels with events that are forgotten, and no gap yet. */
    private final Set<String> forgotten = new HashSet<>();

    ForgottenEvents(Connector connector, StreamKeys keys, String publisher) {
        this.connector = connector;
        this.keys = keys;
        this.publisher = publisher;
        accepted = new AcceptedEvents(keys, System::nanoTime);
    }

    /** Takes channels of one partition, and the greatest sequence number accepted with them. */
    void accepted(int partition, Collection<String> channels, long sequence) {
        accepted.add(partition, channels, sequence);
    }

    /** Completes when it is known what is forgotten, and a gap where Redis takes that now. */
    CompletionStage<Void> restore(Link link) {
        return all(accepted.partitions().stream(), partition -> find(link, partition))
                .thenCompose(found -> skipAll(link));
    }

    /** Makes a gap of all that is none yet; never fails. */
    CompletionStage<Void> skipAll(Link link) {
        return all(forgotten.stream().map(keys::partition).distinct(), p -> skip(link, p))
                .exceptionally(failure -> null);
    }

    /** Makes a gap of what is none yet in some partitions; fails if trying again can help. */
    CompletionStage<Void> skip(Link link, Set<Integer> partitions) {
        return all(partitions.stream(), partition -> skip(link, partition));
    }

    private static CompletionStage<Void> all(
            Stream<Integer> partitions, Function<Integer, CompletionStage<Void>> work) {
        return CompletableFuture.allOf(
                partitions
                        .map(work)
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Void> find(Link link, int partition) {
        return unlessRefused(
                connector
                        .guard(link, link.keyed().get(keys.publisher(partition, publisher)))
                        .thenAccept(
                                record -> {
                                    List<String> found = accepted.forgotten(partition, record);
                                    accepted.remove(found);
                                    forgotten.addAll(found);
                                }));
    }

    private CompletionStage<Void> skip(Link link, int partition) {
        List<String> channels =
                forgotten.stream().filter(c -> keys.partition(c) == partition).toList();
        if (channels.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<String> names =
                channels.stream().flatMap(c -> Stream.of(keys.stream(c), keys.head(c))).toList();
        List<byte[]> arguments = List.of(Text.bytes(RandomId.text()), StreamScripts.EMPTY_HEAD_TTL);
        return unlessRefused(
                        connector
                                .guard(link, skip.run(link.keyed(), names, arguments))
                                .thenAccept(skipped -> {}))
                .thenRun(() -> channels.forEach(forgotten::remove));
    }

    /**
     * Fails only if trying again can help: what Redis never allows is no reason to publish less.
     */
    private static CompletionStage<Void> unlessRefused(CompletionStage<Void> stage) {
        return stage.exceptionally(
                failure -> {
                    if (Causes.of(failure) instanceof BrokerUnavailableException away) {
                        throw away;
                    }
                    return null;
                });
    }
}
