package dev.channels.endpoint.task;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Where something failed, for the log: the classes and stacks of a failure and of its causes. Their
 * messages are left out, since they may hold what a client sent.
 */
final class Trace extends Throwable {

    @Serial private static final long serialVersionUID = 1L;

    /** Far more than any failure has that is told apart by its causes. */
    private static final int MAX_CAUSES = 8;

    private Trace(Throwable failure, @Nullable Trace cause) {
        super(failure.getClass().getName(), cause);
        setStackTrace(failure.getStackTrace());
    }

    static Trace of(Throwable failure) {
        return of(failure, MAX_CAUSES);
    }

    private static Trace of(Throwable failure, int causes) {
        Throwable cause = failure.getCause();
        return new Trace(failure, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }

    /** Not the stack of whoever makes a trace. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
