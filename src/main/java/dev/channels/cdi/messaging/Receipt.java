package dev.channels.cdi.messaging;

import dev.channels.EventSender.Completion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** What becomes of one message: acknowledged or not, whichever is said first. */
final class Receipt {

    private final Completion completion;
    private final AtomicBoolean given = new AtomicBoolean();

    Receipt(Completion completion) {
        this.completion = completion;
    }

    CompletionStage<Void> acknowledge() {
        if (given.compareAndSet(false, true)) {
            completion.sent();
        }
        return CompletableFuture.completedFuture(null);
    }

    /** The event is counted as skipped, and the next ones follow: no broker gives it again. */
    CompletionStage<Void> refuse(Throwable cause) {
        if (given.compareAndSet(false, true)) {
            completion.skipped(cause);
        }
        return CompletableFuture.completedFuture(null);
    }
}
