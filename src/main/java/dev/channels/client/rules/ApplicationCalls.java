package dev.channels.client.rules;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ClientCall;
import dev.channels.ClientCalls;
import dev.channels.ClientRefusedException;
import dev.channels.ErrorCode;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.endpoint.task.RecurringLog;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The calls of one client: they wait here, and run one after another on a managed thread, so that a
 * client that calls and calls takes no more than one.
 */
public final class ApplicationCalls {

    private record Pending(ClientCall call, boolean answered, CompletableFuture<Payload> answer) {}

    private final ClientCalls calls;
    private final Function<Object, byte[]> encoder;
    private final Executor executor;
    private final RecurringLog log;

    @GuardedBy("this")
    private final Queue<Pending> waiting = new ArrayDeque<>(1);

    @GuardedBy("this")
    private boolean busy;

    public ApplicationCalls(
            ClientCalls calls,
            Function<Object, byte[]> encoder,
            Executor executor,
            RecurringLog log) {
        this.calls = calls;
        this.encoder = encoder;
        this.executor = executor;
        this.log = log;
    }

    /** Calls, and returns the answer. */
    CompletionStage<Payload> rpc(ClientCall call) {
        return add(new Pending(call, true, new CompletableFuture<>()));
    }

    /** Calls without an answer; the stage says when it has ended. */
    CompletionStage<Payload> send(ClientCall call) {
        return add(new Pending(call, false, new CompletableFuture<>()));
    }

    private CompletionStage<Payload> add(Pending pending) {
        synchronized (this) {
            waiting.add(pending);
            if (busy) {
                return pending.answer();
            }
            busy = true;
        }
        try {
            executor.execute(this::serve);
        } catch (RuntimeException | Error e) {
            // Whatever a container throws that is being stopped.
            failAll(e);
        }
        return pending.answer();
    }

    private void failAll(Throwable cause) {
        for (Pending next = next(); next != null; next = next()) {
            next.answer().completeExceptionally(cause);
        }
    }

    private synchronized Pending next() {
        Pending next = waiting.poll();
        busy = next != null;
        return next;
    }

    private void serve() {
        for (Pending next = next(); next != null; next = next()) {
            serve(next);
        }
    }

    private void serve(Pending next) {
        try {
            next.answer().complete(call(next));
        } catch (ClientRefusedException e) {
            next.answer()
                    .completeExceptionally(
                            new ErrorForClient(new ProtocolError(e.code(), e.reason(), false)));
        } catch (Throwable e) {
            log.warn(
                    ErrorCode.CLIENT_CODE_FAILED,
                    calls.getClass().getName()
                            + " failed to answer a client with "
                            + e.getClass().getName()
                            + "; the client is told of an internal error.",
                    e);
            next.answer().completeExceptionally(e);
        }
    }

    private Payload call(Pending next) throws Exception {
        if (!next.answered()) {
            calls.send(next.call());
            return Payload.NONE;
        }
        Object answer = calls.rpc(next.call());
        return answer == null ? Payload.NONE : Payload.of(encoder.apply(answer));
    }
}
