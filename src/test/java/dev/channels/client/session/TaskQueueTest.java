package dev.channels.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

    private final List<String> done = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final TaskQueue tasks = new TaskQueue(10, failures::add);

    @Test
    void tasksThatComeDuringATaskFollowIt() {
        tasks.execute(
                () -> {
                    tasks.execute(() -> done.add("second"));
                    done.add("first");
                });
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whatATaskThrowsIsToldAndTheNextOnesFollow() {
        tasks.execute(
                () -> {
                    tasks.execute(() -> done.add("second"));
                    throw new StackOverflowError("deep");
                });
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("second");
    }

    @Test
    void onlySoMuchWaitsOfWhatIsOffered() {
        tasks.execute(
                () -> {
                    assertThat(tasks.offer(() -> done.add("large"), 1000)).isTrue();
                    assertThat(tasks.offer(() -> done.add("too much"), 1)).isFalse();
                    tasks.execute(() -> done.add("of few"));
                });
        assertThat(done).containsExactly("large", "of few");
        assertThat(tasks.offer(() -> done.add("later"), 1)).isTrue();
        tasks.execute(
                () -> {
                    assertThat(tasks.offer(() -> done.add("a"), 5)).isTrue();
                    assertThat(tasks.offer(() -> done.add("b"), 5)).isTrue();
                    assertThat(tasks.offer(() -> done.add("c"), 1)).isFalse();
                });
        assertThat(done).containsExactly("large", "of few", "later", "a", "b");
    }
}
