package dev.channels.client.session;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.rules.ClientRules;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.Instruction;
import java.util.Set;

/**
 * What a session sends to its client. All of it goes through the stream, in one order with the
 * events. Used by one task at a time.
 */
final class SessionEffects {

    private final Codec codec;
    private final ClientRules rules;
    private final ClientStream stream;
    private final SessionState state;
    private final HeldCommands held;
    private final SessionChannels channels;

    SessionEffects(
            Codec codec,
            ClientRules rules,
            ClientStream stream,
            SessionState state,
            HeldCommands held,
            SessionChannels channels) {
        this.codec = codec;
        this.rules = rules;
        this.stream = stream;
        this.state = state;
        this.held = held;
        this.channels = channels;
    }

    void reply(long command, Result result) {
        send(new ServerMessage.Reply(command, result));
    }

    void fail(long command, ProtocolError error) {
        if (error.equals(ProtocolError.LIMIT_EXCEEDED)) {
            rules.limited();
        }
        send(new ServerMessage.Failure(command, error));
    }

    void send(ServerMessage message) {
        if (!state.isOver()) {
            stream.put(new Instruction.Send(encode(message)));
        }
    }

    Encoded encode(ServerMessage message) {
        return codec.encode(message);
    }

    /** Closes the connection, once everything before has been sent. */
    void disconnect(DisconnectCode code) {
        Set<String> left = channels.names();
        if (state.disconnect(code)) {
            end();
            // Or a client that reads slowly would be sent events for as long as there are any.
            left.forEach(stream::leave);
            stream.put(new Instruction.Disconnect(code));
        }
    }

    /** The connection is over. */
    void end() {
        state.end();
        held.clear();
        channels.clear();
    }
}
