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
import java.util.Collection;
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

    /** About what each channel of an event costs beside its payload. */
    private static final int OVERHEAD = 100;

    private static final Script EACH = Script.load(PubSubPublisher.class, "publish-each.lua");

    private final Connector connector;
    private final String prefix;
    private final long id = RandomId.number();
    private final Predecessors predecessors = new Predecessors();

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
            int payload = publication.payload().length;
            if (payload > PubSubRun.MAX_PAYLOAD) {
                outcome.rejected.put(
                        publication,
                        new IllegalArgumentException(
                                "redis-pubsub takes payloads up to 8 MiB, not "
                                        + payload
                                        + " bytes; redis-streams takes larger ones"));
            } else {
                fitting.add(publication);
                bytes += size(publication);
            }
        }
        predecessors.beginBatch();
        CompletionStage<Void> answer =
                send(link.node().async(), fitting, outcome).thenRun(() -> settle(link, outcome));
        CompletionStage<Void> settled =
                connector
                        .guard(link, bytes, answer)
                        .whenComplete((none, failure) -> remember(fitting, outcome, failure));
        Stages.forward(settled, done);
    }

    /** Returns about how many bytes are sent for a publication. */
    private static long size(Publication publication) {
        return publication.payload().length + (long) OVERHEAD * publication.channels().size();
    }

    private void remember(List<Publication> sent, Outcome outcome, @Nullable Throwable failure) {
        if (failure == null) {
            predecessors.accepted(sent);
        } else if (Causes.of(failure) instanceof PublicationsRejectedException) {
            predecessors.accepted(
                    sent.stream().filter(one -> !outcome.rejected.containsKey(one)).toList());
        }
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
                // lost, which an outage tells here. Elsewhere what was accepted has a hole before
                // it.
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
            bytes += size(publications.get(i));
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
                                outcome.accepted |= refused.size() < part.size();
                                refused.forEach(
                                        (one, reason) -> outcome.failed(List.of(one), reason));
                            }
                            return null;
                        })
                .toCompletableFuture();
    }

    /** Answers with the error of each event refused. */
    private CompletionStage<Map<Publication, Throwable>> answer(
            RedisAsyncCommands<String, byte[]> redis, List<Publication> part) {
        Publication first = part.get(0);
        if (part.size() == 1 && first.channels().size() == 1) {
            byte[] message = message(first, first.channels());
            predecessors.sent(first);
            String name = prefix + first.channels().iterator().next();
            return redis.publish(name, message).thenApply(receivers -> Map.of());
        }
        List<byte[]> arguments = new ArrayList<>(4 * part.size());
        for (int number = 0; number < part.size(); number++) {
            Publication publication = part.get(number);
            for (Collection<String> channels : perMessage(publication)) {
                arguments.add(Text.bytes(number));
                arguments.add(message(publication, channels));
                arguments.add(Text.bytes(channels.size()));
                channels.forEach(channel -> arguments.add(Text.bytes(prefix + channel)));
            }
            predecessors.sent(publication);
        }
        CompletionStage<List<Object>> answer =
                redis.eval(
                        EACH.text(),
                        ScriptOutputType.MULTI,
                        new String[0],
                        arguments.toArray(byte[][]::new));
        return answer.thenApply(refused -> refused(part, refused));
    }

    /** Returns the channels of an event, as many together as can have one message. */
    private static List<Collection<String>> perMessage(Publication publication) {
        Set<String> channels = publication.channels();
        int most = PubSubMessage.maxChannels(publication.payload().length);
        if (channels.size() <= most) {
            return List.of(channels);
        }
        List<String> all = List.copyOf(channels);
        List<Collection<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            parts.add(all.subList(from, Math.min(all.size(), from + most)));
        }
        return parts;
    }

    private static Map<Publication, Throwable> refused(
            List<Publication> part, List<Object> answer) {
        Map<Publication, Throwable> refused = new HashMap<>();
        for (int i = 0; i < answer.size(); i += 2) {
            refused.put(
                    part.get(((Long) answer.get(i)).intValue()),
                    new RedisCommandExecutionException(Text.of(answer.get(i + 1))));
        }
        return refused;
    }

    private byte[] message(Publication publication, Collection<String> channels) {
        return PubSubMessage.encode(publication, id, channels, predecessors::of);
    }
}
