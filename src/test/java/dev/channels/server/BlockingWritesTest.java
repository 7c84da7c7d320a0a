package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockingWritesTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void writeRunsAtOnce() {
        BlockingWrites writes = new BlockingWrites(1);
        writes.run(() -> done.add("a"));
        writes.run(() -> done.add("b"));
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void whatComesWhileEnoughThreadsWriteIsRunByTheFirstThatReturns() {
        BlockingWrites writes = new BlockingWrites(2);
        writes.run(
                () -> {
                    writes.run(
                            () -> {
                                writes.run(() -> done.add("late"));
                                writes.run(() -> done.add("later"));
                                done.add("second");
                            });
                    done.add("first");
                });
        assertThat(done).containsExactly("second", "late", "later", "first");
    }

    @Test
    void roomIsGivenBack() {
        BlockingWrites writes = new BlockingWrites(1);
        for (int i = 0; i < 3; i++) {
            writes.run(() -> writes.run(() -> done.add("nested")));
        }
        writes.run(() -> done.add("last"));
        assertThat(done).containsExactly("nested", "nested", "nested", "last");
    }

    @Test
    void errorOfOneWriteKeepsNoRoom() {
        BlockingWrites writes = new BlockingWrites(1);
        writes.run(
                () -> {
                    writes.run(() -> done.add("next"));
                    throw new NoClassDefFoundError("while the application is undeployed");
                });
        writes.run(() -> done.add("last"));
        assertThat(done).containsExactly("next", "last");
    }
}
