package dev.channels.client.stream;

import dev.channels.PresentClient;
import dev.channels.Start;

/** The stream of one connection, as its session uses it; may be called by any thread. */
public interface ClientStream {

    /** Puts something into the stream, behind what is in it. */
    void put(Instruction instruction);

    /**
     * Begins to join a channel; what comes of it comes through the stream.
     *
     * @throws dev.channels.ChannelsException if there can be no such channel, or no more
     */
    void join(Start start, String channel);

    /** The client is there in a channel, until it leaves it. */
    void enter(String channel, PresentClient client);

    /** Leaves a channel; nothing of it follows what is in the stream. */
    void leave(String channel);
}
