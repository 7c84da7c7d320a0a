package dev.channels.internal.task;

import dev.channels.test.ManualScheduler;
import java.util.function.LongSupplier;

/** Logs of nodes for tests. */
public final class TestLogs {

    private TestLogs() {}

    /** One whose lines are written at once, and whose episodes nobody ends. */
    public static NodeLog direct() {
        return direct(new ManualScheduler(), System::nanoTime);
    }

    /** One whose lines are written at once. */
    public static NodeLog direct(ManualScheduler looks, LongSupplier clock) {
        return new NodeLog(
                SureExecutor.on(Runnable::run, new ManualScheduler(), clock), looks, clock);
    }
}
