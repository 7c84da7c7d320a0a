package dev.channels.test;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs calls that block, each on a thread of its own. */
public final class Threads {

    /** How long a test waits for what must happen. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private Threads() {}

    /** A call that may throw and returns nothing. */
    @FunctionalInterface
    public interface Call {
        void run() throws Exception;
    }

    /** A call on a thread of its own. */
    public record Running<T>(Thread thread, CompletableFuture<T> result) {

        /**
         * Waits until the thread waits for something; its result is not there then. What it waits
         * for must not end by itself meanwhile, by a short timeout say.
         */
        public Running<T> awaitParked() {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .failFast("The call waits for nothing: it is over", result::isDone)
                    .until(
                            () ->
                                    thread.getState() == Thread.State.WAITING
                                            || thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }

        public T get() throws ExecutionException, InterruptedException, TimeoutException {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        public boolean isDone() {
            return result.isDone();
        }
    }

    /** Waits for a latch where nothing may be thrown. */
    public static void waitFor(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("It did not happen within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static Running<Void> run(Call call) {
        return call(
                () -> {
                    call.run();
                    return null;
                });
    }

    public static <T> Running<T> call(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                result.complete(call.call());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        },
                        "test");
        thread.setDaemon(true);
        thread.start();
        return new Running<>(thread, result);
    }
}
