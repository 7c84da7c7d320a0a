package dev.channels.backend.postgresql.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.spi.BackendSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OutagesTest {

    private final List<String> told = new ArrayList<>();
    private @Nullable Throwable broken;
    private final Outages outages = new Outages(new Sink(), () -> told.add("verify"));
    private final Health publisher = outages.part();
    private final Health reader = outages.part();

    private final class Sink implements BackendSink {

        @Override
        public void deliver(ChannelEvent event) {}

        @Override
        public void gap(String channel) {}

        @Override
        public void disconnected(@Nullable Throwable cause) {
            told.add("disconnected");
            if (broken instanceof Error error) {
                throw error;
            }
            if (broken instanceof RuntimeException exception) {
                throw exception;
            }
        }

        @Override
        public void connected() {
            told.add("connected");
        }
    }

    private void up(Health part) {
        part.up(part.number());
    }

    private void start() {
        up(publisher);
        assertThat(outages.started()).isNotDone();
        up(reader);
        assertThat(outages.started()).isCompletedWithValue(null);
    }

    @Test
    void theStartSucceedsWhenAllAreUpAndTellsNobody() {
        start();
        assertThat(told).isEmpty();
    }

    @Test
    void theStartFailsWithTheFirstAndSucceedsLaterBySayingConnected() {
        Exception cause = new Exception("refused");
        reader.down(cause);
        publisher.down(new Exception("later"));
        assertThat(outages.started()).isCompletedExceptionally();
        assertThat(outages.started().handle((done, why) -> why).join()).isSameAs(cause);
        up(reader);
        up(publisher);
        assertThat(told).containsExactly("connected");
    }

    @Test
    void anOutageIsToldOnceAndEndsWhenAllAreVerified() {
        start();
        reader.down(new Exception("1"));
        reader.down(new Exception("2"));
        up(reader);
        assertThat(told).containsExactly("verify", "disconnected");
        up(publisher);
        assertThat(told).containsExactly("verify", "disconnected", "connected");
    }

    static List<Throwable> failures() {
        return List.of(new IllegalStateException("broken"), new NoClassDefFoundError("undeployed"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aSinkThatThrowsIsToldTheRest(Throwable failure) {
        start();
        broken = failure;
        reader.down(new Exception());
        broken = null;
        up(reader);
        up(publisher);
        assertThat(told).containsExactly("verify", "disconnected", "connected");
    }

    @Test
    void aPartThatWasVerifiedBeforeTheOutageIsNotUp() {
        start();
        int before = publisher.number();
        reader.down(new Exception());
        publisher.up(before);
        up(reader);
        assertThat(told).doesNotContain("connected");
        up(publisher);
        assertThat(told).contains("connected");
    }

    @Test
    void aPartThatFailsWithinAnOutageHasAllVerifiedAgain() {
        start();
        reader.down(new Exception());
        up(publisher);
        publisher.down(new Exception());
        up(reader);
        assertThat(told).containsExactly("verify", "disconnected", "verify");
        up(publisher);
        assertThat(told).endsWith("connected");
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        start();
        outages.close();
        reader.down(new Exception());
        up(reader);
        up(publisher);
        assertThat(told).doesNotContain("disconnected", "connected");
    }
}
