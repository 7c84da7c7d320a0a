package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.rules.ClientRules;
import dev.channels.spi.ChannelNames;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes what a client publishes, in the order of its commands. Used by one task at a time. */
final class PublishCommands {

    private final ClientRules rules;
    private final CommandSteps steps;
    private final SessionEffects effects;

    /** Completes when it has been decided about the publish that came last. */
    private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

    PublishCommands(ClientRules rules, CommandSteps steps, SessionEffects effects) {
        this.rules = rules;
        this.steps = steps;
        this.effects = effects;
    }

    void publish(long command, Request.Publish request) {
        if (request.channel().isEmpty() || request.data().isEmpty()) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (!ChannelNames.isValid(request.channel())) {
            effects.fail(command, ProtocolError.BAD_REQUEST);
        } else if (steps.begin(command, request.data().size())) {
            decide(command, request);
        }
    }

    private void decide(long command, Request.Publish request) {
        // All are asked for at once, and taken in the order in which they came.
        CompletableFuture<Boolean> before = last;
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        last = mine;
        steps.decided(
                command,
                () -> {
                    CompletionStage<ClientRules.Verdict> asked = rules.publish(request);
                    return before.thenCompose(done -> asked);
                },
                verdict -> {
                    try {
                        publish(command, request, verdict.error());
                    } finally {
                        mine.complete(true);
                    }
                });
    }

    private void publish(long command, Request.Publish request, @Nullable ProtocolError error) {
        int size = request.data().size();
        if (error != null) {
            steps.unanswered().end(size);
            effects.fail(command, error);
            return;
        }
        steps.answer(command, size, () -> rules.published(request), done -> new Result.Publish());
    }
}
