package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.rules.ClientRules;

/** Hands what a client wants of the application to it. Used by one task at a time. */
final class CallCommands {

    private final ClientRules rules;
    private final CommandSteps steps;
    private final SessionEffects effects;

    CallCommands(ClientRules rules, CommandSteps steps, SessionEffects effects) {
        this.rules = rules;
        this.steps = steps;
        this.effects = effects;
    }

    void call(long command, Request.Rpc request) {
        int size = request.data().size();
        if (!rules.takesCalls()) {
            effects.fail(command, ProtocolError.NOT_AVAILABLE);
        } else if (steps.begin(command, size)) {
            steps.answer(command, size, () -> rules.call(request), Result.Rpc::new);
        }
    }

    void sent(Request.Send request) {
        int size = request.data().size();
        if (!rules.takesCalls()) {
            effects.disconnect(DisconnectCode.NOT_AVAILABLE);
        } else if (steps.unanswered().begin(size)) {
            steps.afterwards(
                    0, () -> rules.sent(request), (taken, failure) -> steps.unanswered().end(size));
        } else {
            // It cannot be refused, and must not be lost silently.
            effects.disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }
}
