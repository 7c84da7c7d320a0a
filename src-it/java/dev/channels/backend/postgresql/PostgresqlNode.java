package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.spi.contract.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A backend that a test drives by one thread, waiting for every stage. */
public final class PostgresqlNode implements AutoCloseable {

    public final ChannelsBackend backend;
    public final RecordingSink sink = new RecordingSink();
    private long sequence;

    public PostgresqlNode(ChannelsBackend backend) {
        this.backend = backend;
    }

    public static PostgresqlNode started(ChannelsBackend backend) {
        PostgresqlNode node = new PostgresqlNode(backend);
        join(backend.start(node.sink));
        return node;
    }

    public static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    public void subscribe(String... channels) {
        join(backend.subscribe(Set.of(channels)));
    }

    public Publication publication(byte[] payload, String... channels) {
        sequence++;
        return new Publication(sequence, payload, Set.of(channels));
    }

    public List<Publication> batch(String channel, String... texts) {
        return Arrays.stream(texts)
                .map(text -> publication(text.getBytes(StandardCharsets.UTF_8), channel))
                .toList();
    }

    public void publish(String channel, String... texts) {
        join(backend.publish(batch(channel, texts)));
    }

    /**
     * Returns whether the batch was accepted; if not, it is to come again when the database does.
     */
    public boolean isAccepted(List<Publication> batch) {
        try {
            join(backend.publish(batch));
            return true;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(BrokerUnavailableException.class);
            return false;
        }
    }

    public ChannelHistory history() {
        return backend.history().orElseThrow();
    }

    @Override
    public void close() {
        join(backend.stop());
    }
}
