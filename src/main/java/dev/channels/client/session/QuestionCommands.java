package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.rules.ClientRules;
import dev.channels.spi.ChannelNames;

/**
 * Answers what a client asks about a channel: who is there, and its history. Used by one task at a
 * time.
 */
final class QuestionCommands {

    private final ClientRules rules;
    private final SessionChannels channels;
    private final CommandSteps steps;
    private final SessionEffects effects;

    QuestionCommands(
            ClientRules rules,
            SessionChannels channels,
            CommandSteps steps,
            SessionEffects effects) {
        this.rules = rules;
        this.channels = channels;
        this.steps = steps;
        this.effects = effects;
    }

    void ask(long command, String channel, Request question) {
        int size = channel.length();
        if (channel.isEmpty()) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (!ChannelNames.isValid(channel)) {
            effects.fail(command, ProtocolError.BAD_REQUEST);
        } else if (steps.begin(command, size)) {
            steps.decided(
                    command,
                    () -> rules.question(channel, question, channels.isPermitted(channel)),
                    verdict -> {
                        ProtocolError error = verdict.error();
                        if (error == null) {
                            steps.answer(
                                    command, size, () -> rules.answer(question), result -> result);
                        } else {
                            steps.unanswered().end(size);
                            effects.fail(command, error);
                        }
                    });
        }
    }
}
