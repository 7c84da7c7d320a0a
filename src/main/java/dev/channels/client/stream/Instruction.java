package dev.channels.client.stream;

import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ProtocolError;
import org.jspecify.annotations.Nullable;

/** What a session puts into its stream, to be carried out there in one order with the events. */
public sealed interface Instruction {

    /** How many of the events that a client has missed stand in the reply to its command. */
    int MAX_RECOVERED = 300;

    /** Sends a message: a reply, a ping. */
    record Send(Encoded message) implements Instruction {}

    /**
     * Awaits that a channel is joined, and answers then.
     *
     * @param channel its name
     * @param id of the command; 0 where the application subscribes the client
     * @param recover what the client wants of the events that it has missed, or null for nothing
     * @param positions whether the client may be given positions
     * @param seconds after how many the client has to prove anew that it may; 0 for never
     * @param info what others may see of the client in the channel, or null for nothing
     */
    record Await(
            String channel,
            long id,
            @Nullable Recover recover,
            boolean positions,
            int seconds,
            @Nullable String info)
            implements Instruction {}

    /** Sends who came to a channel, or went, if the client is subscribed to it. */
    record Tell(String channel, Encoded message) implements Instruction {}

    /**
     * What a client wants of the events that it has missed. Kept as long as the subscription, so
     * nothing else of the command is.
     *
     * @param offset up to where it has had everything
     * @param anyEpoch whether it named an offset and no epoch
     * @param orError whether it wants an error where it cannot have them
     */
    record Recover(long offset, boolean anyEpoch, boolean orError) {}

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
