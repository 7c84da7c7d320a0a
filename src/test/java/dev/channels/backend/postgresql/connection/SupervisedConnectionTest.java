package dev.channels.backend.postgresql.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SupervisedConnectionTest {

    /** Of which a use has twelve. */
    private static final Duration SHORT = Duration.ofMillis(1);

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Looks again and again, as the watch does, until the use is broken off. */
    private static void overstay(SupervisedConnection database, FakeConnection fake) {
        var watch =
                CompletableFuture.runAsync(
                        () -> {
                            while (!fake.calls().contains("abort")) {
                                database.abortIfOverdue();
                                Thread.onSpinWait();
                            }
                        });
        fake.awaitAbort();
        watch.join();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOverdueUseIsBrokenOffAndTheNextOneHasAnotherConnection(boolean pooled)
            throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(pooled);
        SupervisedConnection database = new SupervisedConnection(opening, SHORT);
        database.use(connection -> overstay(database, opening.opened().get(0)));
        assertThat(opening.opened().get(0).calls())
                .as("given back, or closed, only after the abort")
                .containsExactly("abort", "close");
        database.use(connection -> {});
        database.abortIfOverdue();
        assertThat(opening.opened()).hasSize(2);
        assertThat(opening.opened().get(1).calls()).doesNotContain("abort");
    }

    @Test
    void whatIsBetweenTwoUsesIsNotOverdue() throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(false);
        SupervisedConnection database = new SupervisedConnection(opening, SHORT);
        long began = System.nanoTime();
        database.use(connection -> {});
        while (System.nanoTime() - began < 50_000_000) {
            database.abortIfOverdue();
        }
        database.use(connection -> {});
        assertThat(opening.opened()).hasSize(1);
        assertThat(opening.opened().get(0).calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionInWhichThisJvmFailedIsNotUsedAgain(boolean pooled) throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(pooled);
        SupervisedConnection database = new SupervisedConnection(opening, LONG);
        assertThatThrownBy(
                        () ->
                                database.use(
                                        connection -> {
                                            throw new OutOfMemoryError("test");
                                        }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(opening.opened().get(0).calls()).containsExactly("abort", "close");
        database.use(connection -> {});
        assertThat(opening.opened()).hasSize(2);
    }

    @Test
    void whatTheDatabaseRefusesLeavesTheConnection() throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(false);
        SupervisedConnection database = new SupervisedConnection(opening, LONG);
        SQLException refused = new SQLException("no", "42501");
        assertThatThrownBy(
                        () ->
                                database.use(
                                        connection -> {
                                            throw refused;
                                        }))
                .isSameAs(refused);
        database.use(connection -> {});
        assertThat(opening.opened()).hasSize(1);
    }

    @Test
    void aCloseThatThrowsIsNobodysMatter() throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(true);
        SupervisedConnection database = new SupervisedConnection(opening, LONG);
        database.use(
                connection ->
                        opening.opened()
                                .get(0)
                                .failAtClose(new IllegalStateException("the pool is stopped")));
        assertThatCode(database::close).doesNotThrowAnyException();
        database.use(connection -> {});
        assertThat(opening.opened()).hasSize(2);
    }

    @Test
    void nothingIsDoneAfterTheEnd() throws SQLException {
        FakeConnection.Opening opening = new FakeConnection.Opening(false);
        SupervisedConnection database = new SupervisedConnection(opening, LONG);
        database.use(connection -> {});
        database.abort();
        opening.opened().get(0).awaitAbort();
        assertThatThrownBy(() -> database.use(connection -> {})).hasMessageContaining("stopped");
    }
}
