package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import dev.channels.ErrorCode;
import dev.channels.Subscriber;
import dev.channels.backend.memory.MemoryBackend;
import dev.channels.internal.publish.NoTransactions;
import dev.channels.internal.publish.Transactions;
import dev.channels.test.LogCapture;
import dev.channels.test.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waits for the commit of a transaction, which the test plays. */
class AfterCommitTest {

    @RegisterExtension final NodeFixture it = new NodeFixture();

    /** What the application changes after it has published. */
    public static final class Order {
        private String state = "new";

        public String getState() {
            return state;
        }
    }

    private static final class Scripted implements Transactions {
        private final List<Waiting> waiting = new ArrayList<>();
        private Standing standing = Standing.INSIDE;

        @Override
        public Transactions writtenBy(Writer writer) {
            throw new AssertionError("not called: this backend has no outbox");
        }

        @Override
        public Standing join(Waiting publish) {
            if (standing == Standing.INSIDE) {
                waiting.add(publish);
            }
            return standing;
        }

        void commit() {
            waiting.forEach(Waiting::committed);
        }

        void rollBack() {
            waiting.forEach(Waiting::rolledBack);
        }
    }

    private final Scripted transactions = new Scripted();

    private ChannelsNode node(Transactions known, boolean publishAfterCommit) {
        it.publishAfterCommit = publishAfterCommit;
        it.transactions = known;
        return it.started(new MemoryBackend(10));
    }

    private static void assertRolledBack(CompletableFuture<Void> stage) {
        assertThatThrownBy(() -> stage.get(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.ROLLED_BACK))
                .hasMessageContaining("a")
                .hasMessageContaining("atOnce()");
    }

    @Test
    void eventsGoOutAfterTheCommitInTheOrderOfTheCalls() {
        ChannelsPlugin plugin = node(transactions, false);
        Subscriber subscriber = plugin.subscribe("a");
        plugin.afterCommit().publish("1", "a");
        CompletableFuture<Void> second =
                plugin.afterCommit().waitPublished("2", "a").toCompletableFuture();
        NodeFixture.publish(plugin, "a", "at once");
        assertThat(second).isNotDone();
        transactions.commit();
        NodeFixture.get(second);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("at once", "1", "2");
    }

    @Test
    void nothingGoesOutAfterARollback() {
        ChannelsPlugin plugin = node(transactions, true);
        Subscriber subscriber = plugin.subscribe("a");
        plugin.publish("1", "a");
        CompletableFuture<Void> second = plugin.waitPublished("2", "a").toCompletableFuture();
        transactions.rollBack();
        assertRolledBack(second);
        NodeFixture.get(plugin.atOnce().waitPublished("end", "a"));
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("end");
        assertThat(plugin.statistics().publishFailures()).isZero();
    }

    @Test
    void nothingWaitsForATransactionThatCannotCommit() {
        ChannelsPlugin plugin = node(transactions, true);
        Subscriber subscriber = plugin.subscribe("a");
        transactions.standing = Transactions.Standing.ROLLED_BACK;
        plugin.publish("1", "a");
        assertRolledBack(plugin.waitPublished("2", "a").toCompletableFuture());
        NodeFixture.get(plugin.atOnce().waitPublished("end", "a"));
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("end");
    }

    @Test
    void outsideOfATransactionEventsGoOutAtOnce() {
        ChannelsPlugin plugin = node(transactions, true);
        transactions.standing = Transactions.Standing.OUTSIDE;
        Subscriber subscriber = plugin.subscribe("a");
        NodeFixture.publish(plugin, "a", "1");
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("1");
    }

    @Test
    void dataIsEncodedAtTheCall() {
        ChannelsPlugin plugin = node(transactions, true);
        Subscriber subscriber = plugin.subscribe("a");
        Order order = new Order();
        CompletableFuture<Void> sent = plugin.waitPublished(order, "a").toCompletableFuture();
        order.state = "changed";
        transactions.commit();
        NodeFixture.get(sent);
        assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("{\"state\":\"new\"}");
    }

    @Test
    void errorsAreTheCallersAndNothingWaits() {
        ChannelsPlugin plugin = node(transactions, true);
        for (Runnable call :
                List.<Runnable>of(
                        () -> plugin.publish(null, "a"),
                        () -> plugin.publish("x", "undeclared"),
                        () -> plugin.afterCommit().publish("x"))) {
            assertThatThrownBy(call::run).isInstanceOf(ChannelsException.class);
        }
        assertThat(transactions.waiting).isEmpty();
    }

    /** Whoever commits hears nothing of it. */
    @Test
    void commitAfterTheStopIsAFailureOfThePublish() {
        ChannelsNode plugin = node(transactions, true);
        CompletableFuture<Void> sent = plugin.waitPublished("x", "a").toCompletableFuture();
        plugin.stop();
        try (LogCapture log = new LogCapture()) {
            transactions.commit();
            assertThatThrownBy(() -> sent.get(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            ChannelsException.class,
                            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_RUNNING));
            assertThat(plugin.statistics().publishFailures()).isEqualTo(1);
            await().atMost(Threads.PATIENCE).until(() -> log.messages("CHANNELS0008").size() == 1);
        }
    }

    @Test
    void whoWaitsForACommitWhereThereIsNoneIsToldOnce() {
        ChannelsPlugin plugin = node(new NoTransactions(), false);
        try (LogCapture log = new LogCapture()) {
            Subscriber subscriber = plugin.subscribe("a");
            NodeFixture.publish(plugin, "a", "1");
            assertThat(log.messages("CHANNELS0035")).isEmpty();
            plugin.afterCommit().publish("2", "a");
            NodeFixture.get(plugin.afterCommit().waitPublished("3", "a"));
            assertThat(NodeFixture.rest(plugin, subscriber)).containsExactly("1", "2", "3");
            assertThat(log.messages("CHANNELS0035")).hasSize(1);
        }
    }
}
