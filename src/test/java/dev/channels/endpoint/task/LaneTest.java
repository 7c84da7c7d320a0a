package dev.channels.endpoint.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.LogCapture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LaneTest {

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Integer> ran = new ArrayList<>();
    private RuntimeException refusal;

    private final Lane lane =
            new Lane(
                    task -> {
                        if (refusal != null) {
                            throw refusal;
                        }
                        threads.add(task);
                    },
                    2);

    private void put(int first, int last) {
        for (int i = first; i <= last; i++) {
            int number = i;
            lane.execute(() -> ran.add(number));
        }
    }

    @Test
    void manyTasksTakeAsManyThreadsAsTheLaneIsWide() {
        put(1, 500);
        assertThat(threads).hasSize(2);
        threads.remove().run();
        assertThat(ran).hasSize(500).isSorted();
        threads.remove().run();
        put(501, 501);
        threads.remove().run();
        assertThat(ran).hasSize(501);
        assertThat(threads).isEmpty();
    }

    @Test
    void lanesThatAreWidenedTakeMore() {
        put(1, 5);
        lane.widen(4);
        put(6, 9);
        assertThat(threads).hasSize(4);
    }

    @Test
    void taskThatThrowsIsNotTheEndOfTheOthers() {
        try (LogCapture log = new LogCapture()) {
            lane.execute(
                    () -> {
                        throw new StackOverflowError();
                    });
            put(1, 1);
            threads.remove().run();
            assertThat(log.records()).hasSize(1);
        }
        assertThat(ran).containsExactly(1);
    }

    @Test
    void whatIsRefusedWaitsAndIsSaidOnce() {
        refusal = new IllegalStateException("stopping");
        try (LogCapture log = new LogCapture()) {
            put(1, 3);
            lane.startAgain();
            assertThat(log.messages("CHANNELS0019")).hasSize(1);
        }
        refusal = null;
        lane.startAgain();
        threads.remove().run();
        assertThat(ran).containsExactly(1, 2, 3);
        lane.startAgain();
        assertThat(threads).as("nothing was refused").isEmpty();
    }
}
