package dev.channels.backend.redis;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes a gap of events that Redis accepted and then forgot, in a crash or a fail-over: where none
 * of those who got them comes back first, only their publisher knows that they ever were. It
 * compares, at the beginning of a link, what it was told with its record in Redis. Touched by the
 * loop only.
 */
final class ForgottenEvents {

    /** How many channels are remembered, those published to last. */
    private static final int CHANNELS = 10_000;

    private final Script skip = Script.load("skip.lua");
    private final Connector connector;
    private final StreamKeys keys;
    private final String publisher;

    /**
     * The greatest sequence number accepted with an event of the channel; the latest at the end.
     */
    private final Map<String, Long> accepted = new LinkedHashMap<>();

    ForgottenEvents(Connector connector, StreamKeys keys, String publisher) {
        this.connector = connector;
        this.keys = keys;
        this.publisher = publisher;
    }

    /** Takes channels whose events Redis accepted, and the greatest sequence number with them. */
    void accepted(Collection<String> channels, long sequence) {
        for (String channel : channels) {
            accepted.remove(channel);
            accepted.put(channel, sequence);
        }
        Iterator<String> eldest = accepted.keySet().iterator();
        while (accepted.size() > CHANNELS) {
            eldest.next();
            eldest.remove();
        }
    }

    /** Completes, never with a failure, when what is found to be forgotten is a gap. */
    CompletionStage<Void> restore(Link link) {
        return CompletableFuture.allOf(
                accepted.keySet().stream()
                        .map(keys::partition)
                        .distinct()
                        .map(partition -> restore(link, partition))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Void> restore(Link link, int partition) {
        return connector
                .guard(link, link.keyed().get(keys.publisher(partition, publisher)))
                .thenCompose(record -> skip(link, forgotten(partition, record)))
                // What ends the link has ended it; all else is no reason to do without one.
                .exceptionally(failure -> null);
    }

    private List<String> forgotten(int partition, byte @Nullable [] record) {
        if (record == null) {
            // Expired, or lost with all heads, which is a gap anyway.
            return List.of();
        }
        long settled = Long.parseLong(Text.of(record).split("\n", 2)[0]);
        return accepted.entrySet().stream()
                .filter(entry -> entry.getValue() > settled)
                .map(Map.Entry::getKey)
                .filter(channel -> keys.partition(channel) == partition)
                .toList();
    }

    private CompletionStage<Void> skip(Link link, List<String> channels) {
        if (channels.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<String> heads = channels.stream().map(keys::head).toList();
        return connector
                .guard(link, skip.run(link.keyed(), heads, List.of()))
                .thenAccept(skipped -> channels.forEach(accepted::remove));
    }
}
