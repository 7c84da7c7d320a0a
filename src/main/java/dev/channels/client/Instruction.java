package dev.channels.client;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import org.jspecify.annotations.Nullable;

/** What a session puts into its stream, to be carried out there in one order with the events. */
sealed interface Instruction {

    /** Sends a message: a reply, a ping. */
    record Send(Encoded message) implements Instruction {}

    /**
     * Awaits that a channel is joined, and answers then.
     *
     * @param channel its name
     * @param id of the command; 0 where the application subscribes the client
     * @param request what the client asked, or null where the application subscribes it
     * @param positions whether the client may be given positions
     * @param seconds after how many the client has to prove anew that it may; 0 for never
     * @param anyEpoch whether the client named an offset and no epoch
     */
    record Await(
            String channel,
            long id,
            Request.@Nullable Subscribe request,
            boolean positions,
            int seconds,
            boolean anyEpoch)
            implements Instruction {}

    /**
     * Sends nothing more of a channel.
     *
     * @param error what the client is told that still waits to be subscribed
     * @param last what is sent all the same, or null for nothing
     */
    record Forget(String channel, ProtocolError error, @Nullable Encoded last)
            implements Instruction {}

    /** Closes the connection. */
    record Disconnect(DisconnectCode code) implements Instruction {}
}
