package dev.channels.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Publication;
import dev.channels.testkit.EventLedger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** A started backend with a ledger, subscribed to the ledger's channel. */
final class TestNode implements AutoCloseable {

    final ChannelsBackend backend;
    final EventLedger ledger;
    private final String channel;

    /** Far above those of a load on the same backend. */
    private final AtomicLong sequence = new AtomicLong(1_000_000_000);

    TestNode(ChannelsBackend backend, String channel) {
        this.backend = backend;
        this.channel = channel;
        ledger = new EventLedger(channel);
        get(backend.start(ledger));
        get(backend.subscribe(Set.of(channel)));
    }

    void publish(String... texts) {
        get(backend.publish(batch(texts)));
    }

    List<Publication> batch(String... texts) {
        return batchTo(channel, texts);
    }

    /** Makes a batch for a channel that need not be the ledger's. */
    List<Publication> batchTo(String to, String... texts) {
        return Arrays.stream(texts)
                .map(
                        text ->
                                new Publication(
                                        sequence.incrementAndGet(),
                                        text.getBytes(StandardCharsets.UTF_8),
                                        Set.of(to)))
                .toList();
    }

    void await(String... texts) {
        awaitUntil(() -> ledger.count() >= texts.length);
        assertThat(ledger.events()).containsExactly(texts);
    }

    static void awaitUntil(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("The stage failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("The stage did not complete", e);
        }
    }

    @Override
    public void close() {
        get(backend.stop());
    }
}
