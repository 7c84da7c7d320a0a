package dev.channels.backend.redis;

import dev.channels.spi.Publication;
import dev.channels.spi.PublicationsRejectedException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes batches: writes a PUBLISH for each event and flushes once. An event for several
 * channels goes as one EVAL, which Redis runs as a whole or not at all. Touched by the loop only.
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

    private static final byte[] TO_SEVERAL =
            Text.bytes(
                    "for i = 2, #ARGV do redis.call('PUBLISH', ARGV[i], ARGV[1]) end"
                            + " return #ARGV - 1");

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
        Answers answers = new Answers(batch.size());
        List<PublishCommand> commands = new ArrayList<>(batch.size());
        long bytes = 0;
        for (Publication publication : batch) {
            if (publication.payload().length > MAX_PAYLOAD) {
                answers.refuse(
                        publication,
                        new IllegalArgumentException(
                                "redis-pubsub takes payloads up to 8 MiB, not "
                                        + publication.payload().length
                                        + " bytes; redis-streams takes larger ones"));
            } else {
                bytes += publication.payload().length;
                commands.add(new PublishCommand(publication, args(publication), answers));
            }
        }
        Connector.forward(connector.guard(link, bytes, answers.done), done);
        link.node().dispatch(commands);
    }

    private CommandArgs<String, byte[]> args(Publication publication) {
        byte[] body = PubSubBody.encode(id, publication.sequence(), publication.payload());
        CommandArgs<String, byte[]> args = new CommandArgs<>(LinkOpener.CODEC);
        if (publication.channels().size() == 1) {
            return args.addKey(prefix + publication.channels().iterator().next()).addValue(body);
        }
        args.addValue(TO_SEVERAL).add(0).addValue(body);
        publication.channels().forEach(channel -> args.addKey(prefix + channel));
        return args;
    }

    /** Tells its batch of the answer, without a future of its own. */
    private static final class PublishCommand extends Command<String, byte[], Long> {

        private final Publication publication;
        private final Answers answers;

        PublishCommand(Publication publication, CommandArgs<String, byte[]> args, Answers answers) {
            super(
                    publication.channels().size() == 1 ? CommandType.PUBLISH : CommandType.EVAL,
                    new IntegerOutput<>(LinkOpener.CODEC),
                    args);
            this.publication = publication;
            this.answers = answers;
        }

        @Override
        public void complete() {
            if (!isDone()) {
                super.complete();
                CommandOutput<String, byte[], Long> output = getOutput();
                answers.answered(
                        publication,
                        output.hasError()
                                ? new RedisCommandExecutionException(output.getError())
                                : null);
            }
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            if (isDone()) {
                return false;
            }
            boolean completed = super.completeExceptionally(failure);
            answers.answered(publication, failure);
            return completed;
        }

        @Override
        public void cancel() {
            if (!isDone()) {
                super.cancel();
                answers.answered(publication, new RedisException("Cancelled"));
            }
        }
    }

    /** Gathers the answers to one batch. */
    private static final class Answers {

        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Map<Publication, Throwable> refused = new HashMap<>();
        private int missing;
        private @Nullable Throwable away;

        Answers(int missing) {
            this.missing = missing;
        }

        void refuse(Publication publication, Throwable reason) {
            answered(publication, reason);
        }

        void answered(Publication publication, @Nullable Throwable failure) {
            if (failure != null && RedisFailures.passes(failure)) {
                away = failure;
            } else if (failure != null) {
                refused.put(publication, failure);
            }
            missing--;
            if (missing > 0) {
                return;
            }
            if (away != null) {
                done.completeExceptionally(away);
            } else if (!refused.isEmpty()) {
                done.completeExceptionally(new PublicationsRejectedException(refused));
            } else {
                done.complete(null);
            }
        }
    }
}
