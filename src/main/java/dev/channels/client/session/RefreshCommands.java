package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.rules.ClientRules;

/** Lets a client prove anew that it may be there, and in a channel. Used by one task at a time. */
final class RefreshCommands {

    private final String client;
    private final ClientRules rules;
    private final SubscribeCommands subscribes;
    private final SessionChannels channels;
    private final Expiries expiries;
    private final CommandSteps steps;
    private final SessionEffects effects;

    RefreshCommands(
            String client,
            ClientRules rules,
            SubscribeCommands subscribes,
            SessionChannels channels,
            Expiries expiries,
            CommandSteps steps,
            SessionEffects effects) {
        this.client = client;
        this.rules = rules;
        this.subscribes = subscribes;
        this.channels = channels;
        this.expiries = expiries;
        this.steps = steps;
        this.effects = effects;
    }

    void refresh(long command, Request.Refresh request) {
        int size = request.token().length();
        if (request.token().isEmpty() || !expiries.has(Expiries.CONNECTION)) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (steps.begin(command, size)) {
            steps.decided(
                    command,
                    () -> rules.refresh(request),
                    verdict -> {
                        steps.unanswered().end(size);
                        decided(command, verdict);
                    });
        }
    }

    private void decided(long command, ClientRules.Verdict verdict) {
        ProtocolError error = verdict.error();
        if (error == null) {
            expiries.set(Expiries.CONNECTION, verdict.seconds(), System.nanoTime());
            effects.reply(command, new Result.Refresh(client, "", verdict.seconds()));
            subscribes.withdraw();
        } else if (error.temporary()) {
            effects.fail(command, error);
        } else {
            effects.disconnect(
                    error.equals(ProtocolError.TOKEN_EXPIRED)
                            ? DisconnectCode.EXPIRED
                            : DisconnectCode.INVALID_TOKEN);
        }
    }

    void refresh(long command, Request.SubRefresh request) {
        String channel = request.channel();
        int size = request.token().length();
        if (channel.isEmpty()) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (request.token().isEmpty()) {
            effects.fail(command, ProtocolError.BAD_REQUEST);
        } else if (!channels.contains(channel)) {
            effects.fail(command, ProtocolError.PERMISSION_DENIED);
        } else if (steps.begin(command, size)) {
            steps.decided(
                    command,
                    () -> rules.subscribe(channel, request.token(), Payload.NONE),
                    verdict -> {
                        steps.unanswered().end(size);
                        decided(command, channel, verdict);
                    });
        }
    }

    private void decided(long command, String channel, ClientRules.Verdict verdict) {
        ProtocolError error = verdict.error();
        if (error != null) {
            effects.fail(command, error);
            return;
        }
        if (channels.contains(channel)) {
            expiries.set(channel, verdict.seconds(), System.nanoTime());
        }
        effects.reply(command, new Result.SubRefresh(verdict.seconds()));
    }
}
