package dev.channels.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.internal.publish.Transactions;
import dev.channels.internal.publish.Transactions.Standing;
import dev.channels.internal.publish.Transactions.Waiting;
import dev.channels.test.LogCapture;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JtaTransactionsTest {

    private final FakeRegistry registry = new FakeRegistry();
    private final JtaTransactions transactions = new JtaTransactions(registry);
    private final List<String> told = new ArrayList<>();
    private final Map<Waiting, String> names = new HashMap<>();

    private Waiting publish(String name) {
        return new Waiting() {
            @Override
            public void committed() {
                told.add(name + " committed");
            }

            @Override
            public void rolledBack() {
                told.add(name + " rolled back");
            }
        };
    }

    @Test
    void oneSynchronizationKeepsTheOrderOfTheCalls() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(transactions.join(publish(name))).isEqualTo(Standing.INSIDE);
        }
        assertThat(registry.synchronizations).hasSize(1);
        assertThat(told).isEmpty();
        registry.end(Status.STATUS_COMMITTED);
        assertThat(told).containsExactly("a committed", "b committed", "c committed");
    }

    @ParameterizedTest
    @ValueSource(ints = {Status.STATUS_ROLLEDBACK, Status.STATUS_UNKNOWN})
    void anyOtherOutcomeIsNoCommit(int outcome) {
        transactions.join(publish("a"));
        registry.end(outcome);
        assertThat(told).containsExactly("a rolled back");
    }

    @ParameterizedTest
    @ValueSource(ints = {Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED})
    void outsideOfATransactionNothingIsWaitedFor(int status) {
        registry.status = status;
        assertThat(transactions.join(publish("a"))).isEqualTo(Standing.OUTSIDE);
        assertThat(registry.synchronizations).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Status.STATUS_MARKED_ROLLBACK,
                Status.STATUS_ROLLING_BACK,
                Status.STATUS_ROLLEDBACK
            })
    void transactionThatCannotCommitIsNotWaitedFor(int status) {
        registry.status = status;
        assertThat(transactions.join(publish("a"))).isEqualTo(Standing.ROLLED_BACK);
        assertThat(registry.synchronizations).isEmpty();
    }

    /** The registry of WildFly still knows a transaction while its outcome is told. */
    @Test
    void whoComesAfterTheOutcomeHearsIt() {
        transactions.join(publish("a"));
        registry.end(Status.STATUS_COMMITTED);
        registry.status = Status.STATUS_COMMITTING;
        assertThat(transactions.join(publish("b"))).isEqualTo(Standing.OUTSIDE);
        assertThat(told).containsExactly("a committed");
    }

    @Test
    void transactionThatEndsMeanwhileIsRolledBack() {
        registry.statusOnRegister = Status.STATUS_ROLLEDBACK;
        assertThat(transactions.join(publish("a"))).isEqualTo(Standing.ROLLED_BACK);
    }

    @Test
    void transactionThatEndsAtAnyOfTheCallsIsRolledBack() {
        registry.statusOnGet = Status.STATUS_ROLLEDBACK;
        assertThat(transactions.join(publish("a"))).isEqualTo(Standing.ROLLED_BACK);
        registry.statusOnGet = null;
        registry.status = Status.STATUS_ACTIVE;
        registry.statusOnPut = Status.STATUS_PREPARED;
        assertThatThrownBy(() -> transactions.join(publish("b")))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PUBLISH_FAILED));
    }

    @Test
    void transactionThatTakesNobodyInAnyMoreIsTheCallersError() {
        registry.statusOnRegister = Status.STATUS_PREPARED;
        assertThatThrownBy(() -> transactions.join(publish("a")))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PUBLISH_FAILED))
                .hasMessageContaining("about to end");
    }

    @Test
    void twoApplicationsInOneTransactionStayApart() {
        JtaTransactions other = new JtaTransactions(registry);
        transactions.join(publish("a"));
        other.join(publish("b"));
        assertThat(registry.synchronizations).hasSize(2);
    }

    @Test
    void whatOneThrowsHarmsNeitherTheOthersNorTheCommit() {
        Waiting broken =
                new Waiting() {
                    @Override
                    public void committed() {
                        throw new StackOverflowError();
                    }

                    @Override
                    public void rolledBack() {}
                };
        try (LogCapture log = new LogCapture()) {
            transactions.join(broken);
            transactions.join(publish("b"));
            registry.end(Status.STATUS_COMMITTED);
            assertThat(told).containsExactly("b committed");
            assertThat(log.messages("CHANNELS0008")).hasSize(1);
        }
    }

    // ---- What the transaction writes itself

    private Waiting named(String name) {
        Waiting publish = publish(name);
        names.put(publish, name);
        return publish;
    }

    private Transactions written() {
        return transactions.writtenBy(
                publishes -> told.add(publishes.stream().map(names::get).toList() + " written"));
    }

    @Test
    void whatWaitsIsWrittenInOneGoWhenTheCommitBegins() {
        Transactions joined = written();
        joined.join(named("a"));
        joined.join(named("b"));
        assertThat(told).isEmpty();
        registry.commit();
        assertThat(told).containsExactly("[a, b] written", "a committed", "b committed");
    }

    @Test
    void rollbackWritesNothing() {
        written().join(named("a"));
        registry.end(Status.STATUS_ROLLEDBACK);
        assertThat(told).containsExactly("a rolled back");
    }

    /** Another synchronization publishes, after ours has been called. */
    @Test
    void whatIsPublishedWhileTheCommitBeginsIsWrittenAtOnce() {
        Transactions joined = written();
        joined.join(named("a"));
        registry.registerInterposedSynchronization(
                new Synchronization() {
                    @Override
                    public void beforeCompletion() {
                        joined.join(named("late"));
                    }

                    @Override
                    public void afterCompletion(int status) {}
                });
        registry.commit();
        assertThat(told)
                .containsExactly("[a] written", "[late] written", "a committed", "late committed");
    }

    @Test
    void whatCannotBeWrittenRollsTheTransactionBack() {
        Transactions joined =
                transactions.writtenBy(
                        publishes -> {
                            throw new ChannelsException(ErrorCode.PUBLISH_FAILED, "no");
                        });
        joined.join(named("a"));
        assertThatThrownBy(registry::commit).isInstanceOf(ChannelsException.class);
        assertThat(registry.markedForRollback).isTrue();
        assertThat(told).containsExactly("a rolled back");
    }

    /** What is published then could not be written any more; it must not be lost in silence. */
    @ParameterizedTest
    @ValueSource(ints = {Status.STATUS_PREPARING, Status.STATUS_PREPARED, Status.STATUS_COMMITTING})
    void transactionThatIsPastItsLastWriteTakesNobodyInAnyMore(int status) {
        Transactions joined = written();
        joined.join(named("a"));
        registry.status = status;
        assertThatThrownBy(() -> joined.join(named("b")))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PUBLISH_FAILED))
                .hasMessageContaining("about to end");
    }

    // ---- Trying out

    @Test
    void trialIsRolledBackWhateverItThrows() {
        FakeUserTransaction user = new FakeUserTransaction();
        assertThat(TrialTransaction.run(user, () -> user.calls.add("task"))).isTrue();
        assertThat(user.calls).containsExactly("begin", "task", "rollback");
        assertThatThrownBy(
                        () ->
                                TrialTransaction.run(
                                        user,
                                        () -> {
                                            throw new ChannelsException(
                                                    ErrorCode.START_FAILED, "no");
                                        }))
                .isInstanceOf(ChannelsException.class);
        assertThat(user.calls).endsWith("begin", "rollback");
    }

    @Test
    void nothingIsTriedOutWhereNoTransactionCanBegin() {
        FakeUserTransaction user = new FakeUserTransaction();
        user.refusing = true;
        assertThat(TrialTransaction.run(user, () -> user.calls.add("task"))).isFalse();
        assertThat(user.calls).isEmpty();
        assertThat(ContainerTransactions.tryOut(() -> user.calls.add("task")))
                .as("Without JNDI")
                .isFalse();
    }

    @Test
    void whatIsFoundInJndiMustBeARegistry() {
        assertThatThrownBy(() -> JtaTransactions.of("something else"))
                .isInstanceOf(ClassCastException.class);
        assertThat(ContainerTransactions.find()).as("Without JNDI").isEmpty();
    }
}
