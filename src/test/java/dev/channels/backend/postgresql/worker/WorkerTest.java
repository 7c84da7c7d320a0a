package dev.channels.backend.postgresql.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.connection.FakeConnection;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkerTest {

    private final FakeConnection.Opening opening = new FakeConnection.Opening(false);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch again = new CountDownLatch(2);
    private final CountDownLatch stopping = new CountDownLatch(1);

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("the application is gone"),
                new OutOfMemoryError("test"),
                new NoClassDefFoundError("test"));
    }

    /** Everything fails that can, and yet the worker begins again. */
    @ParameterizedTest
    @MethodSource("failures")
    void survivesWhateverIsThrownAndTellsThoseWhoWaitFirst(Throwable failure) throws Exception {
        Worker worker =
                new Worker(
                        "test",
                        new Failing(failure),
                        new SupervisedConnection(opening, Duration.ofSeconds(1)),
                        new FailingHealth(failure),
                        new Failures("db/app"),
                        stopping);
        worker.start();
        assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        stopping.countDown();
        assertThat(worker.join(Duration.ofSeconds(30))).isTrue();
        assertThat(told.subList(0, 5))
                .containsExactly(
                        "connected", "up", "down, not closed", "lost, not closed", "connected");
        assertThat(opening.opened().get(0).calls()).containsExactly("close");
    }

    private final class Failing implements Worker.Job {

        private final Throwable failure;

        private Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public void connected(SupervisedConnection database) throws Exception {
            database.use(connection -> {});
            opening.opened().forEach(fake -> fake.failAtClose(new IllegalStateException("close")));
            told.add("connected");
            again.countDown();
        }

        @Override
        public void step(SupervisedConnection database) {
            fail(failure);
        }

        @Override
        public void lost(Throwable cause) {
            told.add("lost" + closed());
            fail(failure);
        }

        @Override
        public void wake() {}
    }

    private String closed() {
        return opening.opened().get(0).calls().isEmpty() ? ", not closed" : "";
    }

    private static void fail(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private final class FailingHealth implements Health {

        private final Throwable failure;

        private FailingHealth(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public int number() {
            return 0;
        }

        @Override
        public void up(int verifiedFor) {
            told.add("up");
        }

        @Override
        public void down(Throwable cause) {
            assertThat(cause).isInstanceOf(ChannelsException.class);
            told.add("down" + closed());
            fail(failure);
        }
    }
}
