package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.publish.Transactions;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.Publication;
import dev.channels.test.BackendWrapper;
import dev.channels.test.Threads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a transaction of the application publishes itself, where the backend lets it. */
class JoinedTransactionTest {

    @RegisterExtension final NodeFixture it = new NodeFixture();

    private static final class Outbox implements ChannelOutbox {

        private final List<Publication> written = new ArrayList<>();
        private int commits;

        @Override
        public int maxPayloadBytes() {
            return 20;
        }

        @Override
        public void verify() {}

        @Override
        public void write(List<Publication> publications) {
            written.addAll(publications);
        }

        @Override
        public void committed() {
            commits++;
        }

        List<String> texts() {
            return written.stream()
                    .map(each -> new String(each.payload(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    /** Memory, with an outbox that nobody empties. */
    private static final class WithOutbox extends BackendWrapper {

        private final ChannelOutbox box;

        WithOutbox(ChannelOutbox box) {
            super(new MemoryBackend(10));
            this.box = box;
        }

        @Override
        public Optional<ChannelOutbox> outbox() {
            return Optional.of(box);
        }
    }

    private static final class Scripted implements Transactions {

        private final List<Waiting> waiting = new ArrayList<>();
        private Standing standing = Standing.INSIDE;
        private Writer writer = publishes -> {};

        @Override
        public Standing join(Waiting publish) {
            if (standing == Standing.INSIDE) {
                waiting.add(publish);
            }
            return standing;
        }

        @Override
        public Transactions writtenBy(Writer newWriter) {
            writer = newWriter;
            return this;
        }

        void commit() {
            writer.write(waiting);
            waiting.forEach(Waiting::committed);
        }
    }

    private final Scripted transactions = new Scripted();
    private final Outbox outbox = new Outbox();

    private ChannelsPlugin plugin() {
        it.transactions = transactions;
        return it.started(new WithOutbox(outbox));
    }

    private static void assertFailed(CompletableFuture<Void> stage, ErrorCode code) {
        assertThatThrownBy(() -> stage.get(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ChannelsException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
    }

    @Test
    void transactionWritesWhatIsPublishedInItAndSettlesItByItsCommit() {
        ChannelsPlugin plugin = plugin();
        Subscriber subscriber = plugin.subscribe("a");
        plugin.publish("1", "a");
        plugin.afterCommit().publish("2", Map.of("by", "test"), List.of("a"));
        CompletableFuture<Void> third = plugin.waitPublished("3", "a").toCompletableFuture();
        NodeFixture.get(plugin.atOnce().waitPublished("at once", "a"));
        assertThat(third).isNotDone();
        assertThat(outbox.written).isEmpty();
        transactions.commit();
        NodeFixture.get(third);
        assertThat(outbox.texts()).containsExactly("1", "2", "3");
        assertThat(outbox.written.get(1).headers()).containsEntry("by", "test");
        assertThat(outbox.written.get(0).channels()).containsExactly("a");
        assertThat(outbox.commits).isPositive();
        assertThat(plugin.statistics().published()).isEqualTo(4);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("at once");
    }

    @Test
    void rollbackIsToldAndNoFailure() {
        ChannelsPlugin plugin = plugin();
        CompletableFuture<Void> inside = plugin.waitPublished("1", "a").toCompletableFuture();
        transactions.waiting.forEach(Transactions.Waiting::rolledBack);
        assertFailed(inside, ErrorCode.ROLLED_BACK);
        transactions.standing = Transactions.Standing.ROLLED_BACK;
        assertFailed(plugin.waitPublished("2", "a").toCompletableFuture(), ErrorCode.ROLLED_BACK);
        assertThat(plugin.statistics().publishFailures()).isZero();
        assertThat(outbox.written).isEmpty();
        assertThat(outbox.commits).isZero();
    }

    @Test
    void outsideOfATransactionEventsGoOutAtOnce() {
        ChannelsPlugin plugin = plugin();
        transactions.standing = Transactions.Standing.OUTSIDE;
        Subscriber subscriber = plugin.subscribe("a");
        NodeFixture.publish(plugin, "a", "1");
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("1");
        assertThat(outbox.written).isEmpty();
    }

    @Test
    void whatIsTooLargeIsTheCallersError() {
        ChannelsPlugin plugin = plugin();
        assertThatThrownBy(() -> plugin.publish("x".repeat(21), "a"))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.EVENT_TOO_LARGE))
                .hasMessageContaining("21 bytes to [a]")
                .hasMessageContaining("at most 20");
        assertThat(transactions.waiting).isEmpty();
    }

    /** The application's transaction does not care whether the node still runs. */
    @Test
    void commitAfterTheStopIsWrittenAllTheSame() {
        ChannelsPlugin plugin = plugin();
        CompletableFuture<Void> sent = plugin.waitPublished("1", "a").toCompletableFuture();
        it.nodes.forEach(ChannelsNode::stop);
        transactions.commit();
        NodeFixture.get(sent);
        assertThat(outbox.texts()).containsExactly("1");
    }
}
