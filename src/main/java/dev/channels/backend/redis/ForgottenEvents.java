package dev.channels.backend.redis;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes a gap of events that Redis accepted and then forgot, in a crash or a fail-over: where none
 * of those who got them comes back first, only their publisher knows that they ever were. It
 * compares, at the beginning of a link, what it was told with its record in Redis. Touched by the
 * loop only.
 */
final class ForgottenEvents {

    private final Script skip = Script.load("skip.lua");
    private final Connector connector;
    private final StreamKeys keys;
    private final String publisher;
    private final AcceptedEvents accepted;

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

    /** Completes, never with a failure, when what is found to be forgotten is a gap. */
    CompletionStage<Void> restore(Link link) {
        return CompletableFuture.allOf(
                accepted.partitions().stream()
                        .map(partition -> restore(link, partition))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Void> restore(Link link, int partition) {
        return connector
                .guard(link, link.keyed().get(keys.publisher(partition, publisher)))
                .thenCompose(record -> skip(link, accepted.forgotten(partition, record)))
                // What ends the link has ended it; all else is no reason to do without one.
                .exceptionally(failure -> null);
    }

    private CompletionStage<Void> skip(Link link, List<String> channels) {
        if (channels.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<String> heads = channels.stream().map(keys::head).toList();
        return connector
                .guard(link, skip.run(link.keyed(), heads, List.of()))
                .thenAccept(skipped -> accepted.remove(channels));
    }
}
