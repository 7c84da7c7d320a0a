package dev.channels.backend.redis;

import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Publishes batches: an event that comes alone by a PUBLISH, several by one script, which costs the
 * client a fraction of a command for each. An event for several channels goes by the script too,
 * which Redis runs as a whole or not at all. Touched by the loop only.
 *
 * @see <a href="https://redis.io/docs/latest/commands/publish/">PUBLISH</a>
 * @see <a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Scripts</a>
 */
final class PubSubPublisher {

    /**
     * Redis cuts every subscriber with more than 32 MB waiting for it ({@code
     * client-output-buffer-limit pubsub}): a larger event would cut all nodes, each time it is
     * repeated. This leaves room for a few to wait.
     */
    static final int MAX_PAYLOAD = 8 << 20;

    /** Then Redis hands on the events of one script while it reads the next. */
    private static final int SCRIPT_BYTES = 32 * 1024;

    /** About what an event costs beside its payload. */
    private static final int OVERHEAD = 100;

    private static final Script EACH = Script.load("publish-each.lua");

    private final Connector connector;
    private final String prefix;
    private final long id = RandomId.number();

    PubSubPublisher(Connector connector, String prefix) {
        this.connector = connector;
        this.prefix = prefix;
    }

    void publish(List<Publication> batch, CompletableFuture<Void> done) {
        Link link = connector.connectedLink();
        if (link == null) {
            done.completeExceptionally(connector.away());
            return;
        }
        Map<Publication, Throwable> rejected = new HashMap<>();
        List<Publication> fitting = new ArrayList<>(batch.size());
        long bytes = 0;
        for (Publication publication : batch) {
            int size = publication.payload().length;
            if (size > MAX_PAYLOAD) {
                rejected.put(
                        publication,
                        new IllegalArgumentException(
                                "redis-pubsub takes payloads up to 8 MiB, not "
                                        + size
                                        + " bytes; redis-streams takes larger ones"));
            } else {
                fitting.add(publication);
                bytes += size;
            }
        }
        CompletionStage<Void> answer =
                send(link.node().async(), fitting, rejected)
                        .thenRun(
                                () -> {
                                    if (!rejected.isEmpty()) {
                                        throw new PublicationsRejectedException(rejected);
                                    }
                                });
        Connector.forward(connector.guard(link, bytes, answer), done);
    }

    /** Sends publications; adds those to {@code rejected} that Redis refuses for good. */
    private CompletionStage<?> send(
            RedisAsyncCommands<String, byte[]> redis,
            List<Publication> publications,
            Map<Publication, Throwable> rejected) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < publications.size(); i++) {
            bytes += OVERHEAD + publications.get(i).payload().length;
            if (bytes >= SCRIPT_BYTES || i + 1 == publications.size()) {
                List<Publication> part = publications.subList(begin, i + 1);
                answers.add(sendPart(redis, part, rejected).toCompletableFuture());
                begin = i + 1;
                bytes = 0;
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<?> sendPart(
            RedisAsyncCommands<String, byte[]> redis,
            List<Publication> publications,
            Map<Publication, Throwable> rejected) {
        Publication first = publications.get(0);
        if (publications.size() == 1 && first.channels().size() == 1) {
            return redis.publish(prefix + first.channels().iterator().next(), message(first));
        }
        List<byte[]> arguments = new ArrayList<>(3 * publications.size());
        for (Publication publication : publications) {
            Set<String> channels = publication.channels();
            arguments.add(message(publication));
            arguments.add(Text.bytes(channels.size()));
            channels.forEach(channel -> arguments.add(Text.bytes(prefix + channel)));
        }
        return redis.<List<Object>>eval(
                        EACH.text(),
                        ScriptOutputType.MULTI,
                        new String[0],
                        arguments.toArray(byte[][]::new))
                .thenAccept(
                        refused -> {
                            for (int i = 0; i < refused.size(); i += 2) {
                                rejected.put(
                                        publications.get(((Long) refused.get(i)).intValue()),
                                        new RedisCommandExecutionException(
                                                Text.of(refused.get(i + 1))));
                            }
                        });
    }

    private byte[] message(Publication publication) {
        return PubSubMessage.encode(publication.payload(), id, publication.sequence());
    }
}
