package dev.channels.backend.redis.pubsub;

import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Stages;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.backend.redis.connection.RedisFailures;
import dev.channels.spi.Causes;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes batches: an event that comes alone by a PUBLISH, several by one script, which costs the
 * client a fraction of a command for each. An event for several channels goes by the script too,
 * which nothing comes between. Touched by the loop only.
 *
 * @see <a href="https://redis.io/docs/latest/commands/publish/">PUBLISH</a>
 * @see <a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Scripts</a>
 */
final class PubSubPublisher {

    /** Then Redis hands on the events of one script while it reads the next. */
    private static final int SCRIPT_BYTES = 32 * 1024;

    /** About what an event costs beside its payload. */
    private static final int OVERHEAD = 100;

    private static final Script EACH = Script.load(PubSubPublisher.class, "publish-each.lua");

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
        Outcome outcome = new Outcome();
        List<Publication> fitting = new ArrayList<>(batch.size());
        long bytes = 0;
        for (Publication publication : batch) {
            int size = publication.payload().length;
            if (size > PubSubRun.MAX_PAYLOAD) {
                outcome.rejected.put(
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
                send(link.node().async(), fitting, outcome).thenRun(() -> settle(link, outcome));
        Stages.forward(connector.guard(link, bytes, answer), done);
    }

    /** What became of the parts of one batch. */
    private static final class Outcome {
        private final Map<Publication, Throwable> rejected = new HashMap<>();
        private boolean accepted;
        private @Nullable Throwable passing;

        void failed(List<Publication> publications, Throwable failure) {
            Throwable reason = Causes.of(failure);
            if (!RedisFailures.passes(reason)) {
                publications.forEach(publication -> rejected.put(publication, reason));
            } else if (passing == null || RedisFailures.endsLink(reason)) {
                passing = reason;
            }
        }
    }

    private void settle(Link link, Outcome outcome) {
        Throwable passing = outcome.passing;
        if (passing != null) {
            if (outcome.accepted) {
                // The batch is repeated, and what comes late of it is taken for a repetition: it is
                // lost, which an outage tells.
                connector.lose(link, passing);
            }
            throw new CompletionException(passing);
        }
        if (!outcome.rejected.isEmpty()) {
            throw new PublicationsRejectedException(outcome.rejected);
        }
    }

    /** Sends publications part by part; completes when all are answered, never exceptionally. */
    private CompletableFuture<Void> send(
            RedisAsyncCommands<String, byte[]> redis,
            List<Publication> publications,
            Outcome outcome) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < publications.size(); i++) {
            bytes += OVERHEAD + publications.get(i).payload().length;
            if (bytes >= SCRIPT_BYTES || i + 1 == publications.size()) {
                answers.add(sendPart(redis, publications.subList(begin, i + 1), outcome));
                begin = i + 1;
                bytes = 0;
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> sendPart(
            RedisAsyncCommands<String, byte[]> redis, List<Publication> part, Outcome outcome) {
        return answer(redis, part)
                .<Void>handle(
                        (refused, failure) -> {
                            if (failure != null) {
                                outcome.failed(part, failure);
                            } else {
                                outcome.accepted |= refused.size() / 2 < part.size();
                                for (int i = 0; i < refused.size(); i += 2) {
                                    int number = ((Long) refused.get(i)).intValue();
                                    outcome.failed(
                                            part.subList(number, number + 1),
                                            new RedisCommandExecutionException(
                                                    Text.of(refused.get(i + 1))));
                                }
                            }
                            return null;
                        })
                .toCompletableFuture();
    }

    /** Answers as the script does: with the number and the error of each event refused. */
    private CompletionStage<List<Object>> answer(
            RedisAsyncCommands<String, byte[]> redis, List<Publication> part) {
        Publication first = part.get(0);
        if (part.size() == 1 && first.channels().size() == 1) {
            String name = prefix + first.channels().iterator().next();
            return redis.publish(name, message(first)).thenApply(receivers -> List.of());
        }
        List<byte[]> arguments = new ArrayList<>(3 * part.size());
        for (Publication publication : part) {
            Set<String> channels = publication.channels();
            arguments.add(message(publication));
            arguments.add(Text.bytes(channels.size()));
            channels.forEach(channel -> arguments.add(Text.bytes(prefix + channel)));
        }
        return redis.eval(
                EACH.text(),
                ScriptOutputType.MULTI,
                new String[0],
                arguments.toArray(byte[][]::new));
    }

    private byte[] message(Publication publication) {
        return PubSubMessage.encode(
                publication.payload(), publication.headers(), id, publication.sequence());
    }
}
