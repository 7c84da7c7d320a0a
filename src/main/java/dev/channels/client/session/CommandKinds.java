package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;

/**
 * The commands of a client that was let in, each carried out by its kind. Used by one task at a
 * time.
 */
record CommandKinds(
        SubscribeCommands subscribes,
        RefreshCommands refreshes,
        PublishCommands publishes,
        QuestionCommands questions,
        CallCommands calls,
        SessionEffects effects) {

    /** Carries out one command. */
    void carryOut(long command, Request request) {
        if (request instanceof Request.Subscribe subscribe) {
            subscribes.subscribe(command, subscribe);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            subscribes.unsubscribe(command, unsubscribe);
        } else if (request instanceof Request.Publish publish) {
            publishes.publish(command, publish);
        } else if (request instanceof Request.Rpc rpc) {
            calls.call(command, rpc);
        } else if (request instanceof Request.Send send) {
            calls.sent(send);
        } else if (request instanceof Request.Refresh refresh) {
            refreshes.refresh(command, refresh);
        } else if (request instanceof Request.SubRefresh refresh) {
            refreshes.refresh(command, refresh);
        } else if (request instanceof Request.Pong) {
            // Nobody has asked; it has been counted as a command, and does no harm otherwise.
            return;
        } else if (request instanceof Request.Connect) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (request instanceof Request.Presence presence) {
            questions.ask(command, presence.channel(), presence);
        } else if (request instanceof Request.PresenceStats stats) {
            questions.ask(command, stats.channel(), stats);
        } else if (request instanceof Request.History history) {
            questions.ask(command, history.channel(), history);
        } else {
            effects.fail(command, ProtocolError.NOT_AVAILABLE);
        }
    }
}
