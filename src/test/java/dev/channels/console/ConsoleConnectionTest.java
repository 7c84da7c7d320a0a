package dev.channels.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection.Health;
import dev.channels.endpoint.policy.ClientCode;
import dev.channels.endpoint.policy.DoorsFixture;
import dev.channels.endpoint.request.Handshake;
import dev.channels.server.ResponseRemote;
import dev.channels.test.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsoleConnectionTest {

    /** A response whose writes end when the test says so. */
    private static final class Response implements ResponseRemote {
        private final List<String> written = new ArrayList<>();
        private @Nullable Owner owner;
        private int closed;
        private int terminated;

        @Override
        public void begin(Owner first) {
            owner = first;
            first.begins();
        }

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public void write(byte[] bytes) {
            written.add(new String(bytes, StandardCharsets.UTF_8));
            if (owner != null) {
                owner.begins();
            }
        }

        private Owner owner() {
            assertThat(owner).isNotNull();
            return owner;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            closed++;
        }

        @Override
        public void giveUp() {
            closed++;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void terminate() {
            terminated++;
        }
    }

    private final Doors doors =
            new Doors(
                    null,
                    DoorsFixture.settings("same-origin"),
                    ClientCode.NONE,
                    Runnable::run,
                    new ManualScheduler());
    private final Response response = new Response();
    private int states;
    private int over;
    private final ConsoleConnection connection =
            new ConsoleConnection(
                    doors,
                    new Handshake("console", null, Caller.named("alice"), "session", this),
                    response,
                    () -> "{" + ++states + "}",
                    null,
                    () -> over++);

    private Health look(Duration later) {
        return connection.look(System.nanoTime() + later.toNanos(), Runnable::run);
    }

    @Test
    void stateIsShownAtOnceAndThenEachSecond() {
        long before = System.nanoTime();
        connection.begin();
        assertThat(response.written).containsExactly("event: state\ndata: {1}\n\n");
        response.owner().written();
        assertThat(connection.look(before, Runnable::run)).isEqualTo(Health.FINE);
        assertThat(response.written).hasSize(1);
        look(Duration.ofSeconds(1));
        assertThat(response.written).hasSize(2).last().isEqualTo("event: state\ndata: {2}\n\n");
    }

    /** However slowly an operator reads, one state at the most is on its way. */
    @Test
    void nextStateIsMadeWhenTheOneBeforeHasBeenRead() {
        connection.begin();
        for (int i = 0; i < 100; i++) {
            look(Duration.ofSeconds(i));
        }
        assertThat(states).isEqualTo(1);
        response.owner().written();
        look(Duration.ofSeconds(100));
        assertThat(states).isEqualTo(2);
    }

    @Test
    void operatorWhoDoesNotReadIsStuck() {
        connection.begin();
        assertThat(look(Duration.ofHours(2))).isEqualTo(Health.STUCK);
    }

    @Test
    void operatorWhoIsGoneIsForgottenOnce() {
        connection.begin();
        assertThat(doors.connections().size()).isEqualTo(1);
        response.owner().failed(new IOException("gone"));
        response.owner().failed(new IOException("gone"));
        assertThat(doors.connections().size()).isZero();
        assertThat(over).isEqualTo(1);
        response.owner().written();
        look(Duration.ofSeconds(5));
        assertThat(states).isEqualTo(1);
    }

    @Test
    void endOfTheSessionEndsTheConsole() {
        connection.begin();
        response.owner().written();
        doors.connections().endHttpSession("session");
        assertThat(over).isEqualTo(1);
        assertThat(response.closed).isEqualTo(1);
        // Nothing was in flight: the connection may serve another request already.
        assertThat(response.terminated).isZero();
    }

    @Test
    void whatIsInFlightWhenTheConsoleEndsIsCutOff() {
        connection.begin();
        doors.connections().giveUp(connection, Ending.STOPPING);
        assertThat(response.terminated).isEqualTo(1);
    }

    @Test
    void applicationThatStopsTakesNoOperator() {
        doors.close();
        connection.begin();
        assertThat(response.written).isEmpty();
        assertThat(over).isEqualTo(1);
        assertThat(response.closed).isEqualTo(1);
    }

    @Test
    void stateThatCannotBeMadeEndsTheConsole() {
        ConsoleConnection broken =
                new ConsoleConnection(
                        doors,
                        new Handshake("console", null, Caller.named("bob"), null, this),
                        response,
                        () -> {
                            if (++states > 1) {
                                throw new IllegalStateException("broken");
                            }
                            return "{}";
                        },
                        null,
                        () -> over++);
        broken.begin();
        response.owner().written();
        broken.look(System.nanoTime() + TimeUnit.SECONDS.toNanos(2), Runnable::run);
        assertThat(over).isEqualTo(1);
    }
}
