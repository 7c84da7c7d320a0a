package dev.channels.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final List<String> done = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Turns turns = new Turns(10, failures::add);

    @Test
    void tasksThatComeDuringATaskFollowIt() {
        turns.execute(
                () -> {
                    turns.execute(() -> done.add("second"));
                    done.add("first");
                });
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whatATaskThrowsIsToldAndTheNextOnesFollow() {
        turns.execute(
                () -> {
                    turns.execute(() -> done.add("second"));
                    throw new StackOverflowError("deep");
                });
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("second");
    }

    @Test
    void onlySoMuchWaitsOfWhatIsOffered() {
        turns.execute(
                () -> {
                    assertThat(turns.offer(() -> done.add("large"), 1000)).isTrue();
                    assertThat(turns.offer(() -> done.add("too much"), 1)).isFalse();
                    turns.execute(() -> done.add("of few"));
                });
        assertThat(done).containsExactly("large", "of few");
        assertThat(turns.offer(() -> done.add("later"), 1)).isTrue();
        turns.execute(
                () -> {
                    assertThat(turns.offer(() -> done.add("a"), 5)).isTrue();
                    assertThat(turns.offer(() -> done.add("b"), 5)).isTrue();
                    assertThat(turns.offer(() -> done.add("c"), 1)).isFalse();
                });
        assertThat(done).containsExactly("large", "of few", "later", "a", "b");
    }
}
