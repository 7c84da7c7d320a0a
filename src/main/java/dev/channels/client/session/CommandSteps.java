package dev.channels.client.session;

import dev.channels.ChannelsException;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Result;
import dev.channels.client.rules.ClientRules;
import dev.channels.client.rules.ErrorForClient;
import dev.channels.client.stream.OutgoingStream;
import dev.channels.spi.Causes;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries commands on when what they wait for is known, and sees to it that each has an answer,
 * whatever fails. Used by one task at a time.
 */
final class CommandSteps {

    /** Makes the result of a command. */
    interface Answer<T extends @Nullable Object> {
        Result of(T outcome);
    }

    private final TaskQueue tasks;
    private final SessionEffects effects;
    private final FaultLog faults;
    private final Unanswered unanswered = new Unanswered();

    CommandSteps(TaskQueue tasks, SessionEffects effects, FaultLog faults) {
        this.tasks = tasks;
        this.effects = effects;
        this.faults = faults;
    }

    /** Returns the commands that have no answer yet. */
    Unanswered unanswered() {
        return unanswered;
    }

    /** Counts a command whose reply comes later; refuses it where there are too many. */
    boolean begin(long command, int size) {
        boolean begun = unanswered.begin(size);
        if (!begun) {
            effects.fail(command, ProtocolError.TOO_MANY_REQUESTS);
        }
        return begun;
    }

    /** Answers a command that was begun when its outcome is known. */
    <T extends @Nullable Object> void answer(
            long command, int size, Supplier<CompletionStage<T>> outcome, Answer<T> answer) {
        afterwards(
                command,
                outcome,
                (value, failure) -> {
                    unanswered.end(size);
                    if (failure == null) {
                        effects.reply(command, answer.of(value));
                    } else {
                        effects.fail(command, errorOf(failure));
                    }
                });
    }

    /** Goes on with a command when it is decided whether the client may. */
    void decided(
            long command,
            Supplier<CompletionStage<ClientRules.Verdict>> decision,
            Consumer<ClientRules.Verdict> then) {
        afterwards(
                command,
                decision,
                (verdict, failure) ->
                        then.accept(
                                failure == null
                                        ? verdict
                                        : ClientRules.Verdict.no(errorOf(failure))));
    }

    /** Goes on at once where the outcome is known, so that replies keep the order of commands. */
    <T extends @Nullable Object> void afterwards(
            long command,
            Supplier<CompletionStage<T>> begun,
            BiConsumer<T, @Nullable Throwable> then) {
        CompletableFuture<T> known;
        try {
            known = begun.get().toCompletableFuture();
        } catch (RuntimeException | Error e) {
            faults.broken("A command of a client could not be begun, and the client is told so", e);
            known = CompletableFuture.failedFuture(e);
        }
        if (known.isDone()) {
            T value = null;
            Throwable failure = null;
            try {
                value = known.join();
            } catch (CompletionException | CancellationException e) {
                failure = e;
            }
            then.accept(value, failure);
        } else {
            var unused =
                    known.whenComplete(
                            (value, failure) ->
                                    tasks.execute(
                                            () ->
                                                    answering(
                                                            command,
                                                            () -> then.accept(value, failure))));
        }
    }

    /** Sees to it that a command has an answer, whatever fails on the way to it. */
    void answering(long command, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            faults.broken("A command of a client failed, and the client is told so", e);
            if (command > 0) {
                effects.fail(command, ProtocolError.INTERNAL);
            }
        }
    }

    private static ProtocolError errorOf(Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof ErrorForClient known) {
            return known.error();
        }
        return cause instanceof ChannelsException known
                ? OutgoingStream.errorOf(known)
                : ProtocolError.INTERNAL;
    }
}
