package dev.channels.backend.postgresql.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.backend.postgresql.worker.Outages.Part;
import dev.channels.spi.BackendSink;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OutagesTest {

    private final List<String> told = new ArrayList<>();
    private @Nullable Throwable broken;
    private final Outages outages =
            new Outages(
                    new Sink(), EnumSet.of(Part.PUBLISHER, Part.READER), () -> told.add("verify"));

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

    private void up(Part part) {
        outages.up(part, outages.number());
    }

    private void start() {
        up(Part.PUBLISHER);
        assertThat(outages.started()).isNotDone();
        up(Part.READER);
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
        outages.down(Part.READER, cause);
        outages.down(Part.PUBLISHER, new Exception("later"));
        assertThat(outages.started()).isCompletedExceptionally();
        assertThat(outages.started().handle((done, why) -> why).join()).isSameAs(cause);
        up(Part.READER);
        up(Part.PUBLISHER);
        assertThat(told).containsExactly("connected");
    }

    @Test
    void anOutageIsToldOnceAndEndsWhenAllAreVerified() {
        start();
        outages.down(Part.READER, new Exception("1"));
        outages.down(Part.READER, new Exception("2"));
        up(Part.READER);
        assertThat(told).containsExactly("verify", "disconnected");
        up(Part.PUBLISHER);
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
        outages.down(Part.READER, new Exception());
        broken = null;
        up(Part.READER);
        up(Part.PUBLISHER);
        assertThat(told).containsExactly("verify", "disconnected", "connected");
    }

    @Test
    void aPartThatWasVerifiedBeforeTheOutageIsNotUp() {
        start();
        int before = outages.number();
        outages.down(Part.READER, new Exception());
        outages.up(Part.PUBLISHER, before);
        up(Part.READER);
        assertThat(told).doesNotContain("connected");
        up(Part.PUBLISHER);
        assertThat(told).contains("connected");
    }

    @Test
    void aPartThatFailsWithinAnOutageHasAllVerifiedAgain() {
        start();
        outages.down(Part.READER, new Exception());
        up(Part.PUBLISHER);
        outages.down(Part.PUBLISHER, new Exception());
        up(Part.READER);
        assertThat(told).containsExactly("verify", "disconnected", "verify");
        up(Part.PUBLISHER);
        assertThat(told).endsWith("connected");
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        start();
        outages.close();
        outages.down(Part.READER, new Exception());
        up(Part.READER);
        up(Part.PUBLISHER);
        assertThat(told).doesNotContain("disconnected", "connected");
    }
}
