package dev.channels.endpoint.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.EventSender.Completion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseWriterTest {

    private final FakeRemote remote = new FakeRemote();
    private final List<String> told = new ArrayList<>();
    private final ResponseWriter writer = new ResponseWriter(remote, () -> told.add("over"));
    private final Completion done =
            new Completion() {
                @Override
                public void sent() {
                    told.add("sent");
                }

                @Override
                public void skipped(Throwable cause) {
                    told.add("skipped");
                }

                @Override
                public void failed(Throwable cause) {
                    told.add("failed");
                }
            };

    ResponseWriterTest() {
        remote.begin(writer);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatComesMeanwhileSharesTheNextWrite() throws Exception {
        writer.add(done, bytes("a"), bytes("b"));
        writer.flush();
        writer.add(done, bytes("c"));
        writer.add(bytes("d"));
        writer.flush();
        writer.add(done, bytes("e"));
        writer.flush();
        assertThat(remote.written).containsExactly("ab");
        assertThat(told).isEmpty();
        remote.endWrite();
        assertThat(remote.written).containsExactly("ab", "cde");
        assertThat(told).containsExactly("sent");
        remote.endWrite();
        assertThat(told).containsExactly("sent", "sent", "sent");
        assertThat(writer.isIdle()).isTrue();
    }

    @Test
    void nothingLeavesBeforeTheFlush() throws Exception {
        writer.add(done, bytes("a"));
        assertThat(remote.written).isEmpty();
        writer.flush();
        assertThat(remote.written).containsExactly("a");
    }

    @Test
    void writeHasABoundUnlessOneItemIsLarger() throws Exception {
        String large = "x".repeat(ResponseWriter.MAX_SIZE + 1);
        String half = "y".repeat(ResponseWriter.MAX_SIZE / 2);
        remote.endsAtOnce = true;
        for (String item : List.of(large, half, half, half)) {
            writer.add(done, bytes(item));
        }
        writer.flush();
        assertThat(remote.written).containsExactly(large, half + half, half);
        assertThat(told).hasSize(4).containsOnly("sent");
    }

    @Test
    void thousandsOfWritesThatEndAtOnceDoNotRecurse() throws Exception {
        remote.endsAtOnce = true;
        byte[] block = new byte[ResponseWriter.MAX_SIZE];
        for (int i = 0; i < 10_000; i++) {
            writer.add(done, block);
        }
        writer.flush();
        assertThat(told).hasSize(10_000);
        remote.written.clear();
    }

    @Test
    void endWritesWhatWaits() throws Exception {
        writer.add(done, bytes("a"));
        writer.flush();
        writer.add(done, bytes("b"));
        writer.end();
        writer.end();
        assertThatThrownBy(() -> writer.add(done, bytes("c"))).isInstanceOf(IOException.class);
        writer.add(bytes("d"));
        remote.endWrite();
        assertThat(remote.closed).isZero();
        remote.endWrite();
        assertThat(remote.written).containsExactly("a", "b");
        assertThat(remote.closed).isEqualTo(1);
        assertThat(told).containsExactly("sent", "sent", "over");
    }

    @Test
    void endWithNothingToWriteIsAtOnce() {
        writer.end();
        assertThat(remote.closed).isEqualTo(1);
        assertThat(told).containsExactly("over");
    }

    @Test
    void failureEndsTheStreamAndTheResponseOnce() throws Exception {
        writer.add(done, bytes("a"));
        writer.flush();
        writer.add(done, bytes("b"));
        remote.fail(new NullPointerException());
        remote.fail(new IOException());
        writer.flush();
        writer.end();
        assertThat(remote.written).containsExactly("a");
        assertThat(remote.closed).isEqualTo(1);
        assertThat(told).containsExactly("failed", "over");
    }

    @Test
    void writeThatDoesNotEndIsStuck() throws Exception {
        long second = Duration.ofSeconds(1).toNanos();
        long later = System.nanoTime() + 3600 * second;
        assertThat(writer.isStuckFor(second, later)).isFalse();
        writer.add(done, bytes("a"));
        writer.flush();
        assertThat(writer.isStuckFor(second, later)).isTrue();
        assertThat(writer.isStuckFor(second, System.nanoTime())).isFalse();
        remote.endWrite();
        assertThat(writer.isStuckFor(second, later)).isFalse();
    }

    @Test
    void writeThatWaitsForThoseOfOthersIsNotStuck() throws Exception {
        long second = Duration.ofSeconds(1).toNanos();
        long later = System.nanoTime() + 3600 * second;
        remote.waitsForOthers = true;
        writer.add(done, bytes("a"));
        writer.flush();
        assertThat(writer.isStuckFor(second, later)).isFalse();
        long queued = writer.quietSince();
        remote.beginWrite();
        assertThat(writer.quietSince()).as("the clock begins").isGreaterThan(queued);
        assertThat(writer.isStuckFor(second, later)).isTrue();
        remote.endWrite();
        writer.add(done, bytes("b"));
        writer.flush();
        assertThat(writer.isStuckFor(second, later)).as("the next write waits").isFalse();
    }
}
