package dev.channels.test;

import java.util.concurrent.Executor;

/** An executor of a server in trouble; what it takes runs when the test says so. */
public final class FaultyExecutor implements Executor {

    /** What it does with a task. */
    public enum Fault {
        NONE,
        THROWS_EXCEPTION,
        THROWS_ERROR,
        TAKES_AND_THROWS,
        LOSES,
        RUNS_TWICE
    }

    private final ManualExecutor taken = new ManualExecutor();
    public volatile Fault fault = Fault.NONE;

    @Override
    public void execute(Runnable task) {
        switch (fault) {
            case NONE -> taken.execute(task);
            case THROWS_EXCEPTION -> throw new IllegalStateException("stopping");
            case THROWS_ERROR -> throw new OutOfMemoryError("unable to create native thread");
            case TAKES_AND_THROWS -> {
                taken.execute(task);
                throw new IllegalStateException("taken all the same");
            }
            case LOSES -> {}
            case RUNS_TWICE -> {
                taken.execute(task);
                taken.execute(task);
            }
        }
    }

    public void runAll() {
        taken.runAll();
    }

    public int size() {
        return taken.size();
    }
}
