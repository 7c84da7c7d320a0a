package dev.channels.spi;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why stages and futures failed. */
public final class Causes {

    private Causes() {}

    /**
     * Finds out why a stage or a future failed.
     *
     * @param failure what it completed with, or what waiting for it threw
     * @return the failure, without what the stages between here and there put around it
     */
    public static Throwable of(Throwable failure) {
        Throwable reason = failure;
        while (reason instanceof CompletionException || reason instanceof ExecutionException) {
            Throwable cause = reason.getCause();
            if (cause == null) {
                return reason;
            }
            reason = cause;
        }
        return reason;
    }
}
