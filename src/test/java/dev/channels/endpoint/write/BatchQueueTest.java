package dev.channels.endpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.endpoint.write.BatchQueue.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

    private final BatchQueue<String> queue = new BatchQueue<>(3, 10);

    private void adds(String... items) {
        for (String item : items) {
            assertThat(queue.add(item, item.length(), true)).isTrue();
        }
    }

    @Test
    void nothingLeavesBeforeTheFlush() {
        adds("a");
        assertThat(queue.next()).isNull();
        queue.flush();
        assertThat(queue.next()).isEqualTo(new Step.Write<>(List.of("a")));
    }

    @Test
    void whatComesWhileABatchIsInFlightSharesTheNext() {
        adds("a");
        queue.flush();
        queue.next();
        queue.begun();
        adds("b", "c");
        queue.flush();
        assertThat(queue.next()).isNull();
        assertThat(queue.written()).isEqualTo(1);
        assertThat(queue.next()).isEqualTo(new Step.Write<>(List.of("b", "c")));
    }

    @Test
    void aFlushIsOverWhenNothingWaits() {
        adds("a");
        queue.flush();
        queue.next();
        queue.begun();
        queue.written();
        assertThat(queue.next()).isNull();
        adds("b");
        assertThat(queue.next()).isNull();
    }

    @Test
    void aBatchIsBoundedInItemsAndInSizeUnlessOneItemIsLarger() {
        adds("1", "2", "3", "4", "12345678901", "12345", "12345", "1");
        queue.flush();
        List<List<String>> batches = new ArrayList<>();
        while (queue.next() instanceof Step.Write<String> batch) {
            batches.add(batch.items());
            queue.written();
            queue.begun();
        }
        assertThat(batches)
                .containsExactly(
                        List.of("1", "2", "3"),
                        List.of("4"),
                        List.of("12345678901"),
                        List.of("12345", "12345"),
                        List.of("1"));
    }

    @Test
    void isFullFromEitherBoundOn() {
        adds("1", "2");
        assertThat(queue.isFull()).isFalse();
        adds("3");
        assertThat(queue.isFull()).isTrue();
        queue.flush();
        queue.next();
        assertThat(queue.isFull()).isFalse();
        adds("1234567890");
        assertThat(queue.isFull()).isTrue();
    }

    @Test
    void aWriteThatEndsWithinItsCallIsFollowedByThatCallersNextStep() {
        adds("1", "2", "3", "4");
        queue.flush();
        queue.next();
        queue.written();
        assertThat(queue.next()).as("from within the write").isNull();
        queue.begun();
        assertThat(queue.next()).isEqualTo(new Step.Write<>(List.of("4")));
    }

    @Test
    void countsWhatIsToBeAnswered() {
        queue.add("a", 1, true);
        queue.add("b", 1, false);
        queue.add("c", 1, true);
        queue.flush();
        queue.next();
        assertThat(queue.written()).isEqualTo(2);
        assertThat(queue.written()).as("said twice").isZero();
    }

    @Test
    void closesOnceAfterEverythingHasBeenWritten() {
        adds("a");
        assertThat(queue.end()).isTrue();
        assertThat(queue.end()).isFalse();
        assertThat(queue.add("b", 1, true)).isFalse();
        assertThat(queue.next()).isEqualTo(new Step.Write<>(List.of("a")));
        queue.begun();
        assertThat(queue.next()).isNull();
        queue.written();
        assertThat(queue.isOver()).isFalse();
        assertThat(queue.next()).isEqualTo(new Step.Close<>());
        assertThat(queue.next()).isNull();
        assertThat(queue.isOver()).isTrue();
    }

    @Test
    void aFailureLosesWhatWaitsAndAnswersNothing() {
        adds("a");
        queue.flush();
        queue.next();
        queue.begun();
        adds("b");
        assertThat(queue.fail()).isTrue();
        assertThat(queue.fail()).isFalse();
        assertThat(queue.isInFlight()).isTrue();
        assertThat(queue.written()).isZero();
        assertThat(queue.isInFlight()).isFalse();
        assertThat(queue.next()).isNull();
        assertThat(queue.end()).isFalse();
        assertThat(queue.add("c", 1, true)).isFalse();
    }

    @Test
    void isIdleWithNothingWaitingAndNothingInFlight() {
        assertThat(queue.isIdle()).isTrue();
        adds("a");
        assertThat(queue.isIdle()).isFalse();
        queue.flush();
        queue.next();
        assertThat(queue.isIdle()).isFalse();
        queue.begun();
        queue.written();
        assertThat(queue.isIdle()).isTrue();
        queue.end();
        assertThat(queue.isIdle()).isFalse();
    }

    /** Writers that end on any thread, at any time: each item leaves once, in order, one by one. */
    @Test
    void losesNothingWhereManyThreadsAddAndEnd() throws Exception {
        int producers = 3;
        int each = 20_000;
        BatchQueue<Integer> busy = new BatchQueue<>(7, 1_000_000);
        List<Integer> written = new ArrayList<>();
        AtomicBoolean writing = new AtomicBoolean();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        CountDownLatch closed = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(producers + 2);
        try {
            Runnable[] pump = new Runnable[1];
            Runnable ended =
                    () -> {
                        writing.set(false);
                        answered.addAndGet(busy.written());
                        pump[0].run();
                    };
            pump[0] =
                    () -> {
                        for (var step = busy.next(); step != null; step = busy.next()) {
                            if (!(step instanceof Step.Write<Integer> batch)) {
                                closed.countDown();
                                return;
                            }
                            if (!writing.compareAndSet(false, true)) {
                                overlaps.incrementAndGet();
                            }
                            written.addAll(batch.items());
                            if (ThreadLocalRandom.current().nextBoolean()) {
                                ended.run();
                            } else {
                                threads.execute(ended);
                            }
                            busy.begun();
                        }
                    };
            List<Future<?>> adding = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int from = p * each;
                adding.add(
                        threads.submit(
                                () -> {
                                    for (int i = from; i < from + each; i++) {
                                        busy.add(i, 1, true);
                                        busy.flush();
                                        pump[0].run();
                                    }
                                }));
            }
            for (Future<?> producer : adding) {
                producer.get();
            }
            busy.end();
            pump[0].run();
            closed.await();
        } finally {
            threads.shutdownNow();
        }
        assertThat(overlaps).hasValue(0);
        assertThat(answered).hasValue(producers * each);
        assertThat(written).hasSize(producers * each).doesNotHaveDuplicates();
        for (int p = 0; p < producers; p++) {
            int from = p * each;
            assertThat(written.stream().filter(i -> i / each == from / each)).isSorted();
        }
    }
}
