package dev.channels.client.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of a reply. */
public sealed interface Result {

    /**
     * The client is in.
     *
     * @param client names the connection
     * @param version of the server
     * @param timeToLive after how many seconds the client has to {@linkplain Request.Refresh prove
     *     anew} who it is; 0 for never
     * @param data from the application
     * @param subscriptions that the server made for the client, by channel
     * @param pingSeconds between two pings; one SDK disconnects for ever where it is 0
     * @param pong whether pings are to be answered
     * @param session lets requests beside the connection act for the client; empty on WebSocket
     * @param node where the session is; empty on WebSocket
     */
    record Connect(
            String client,
            String version,
            int timeToLive,
            Payload data,
            Map<String, Subscribe> subscriptions,
            int pingSeconds,
            boolean pong,
            String session,
            String node)
            implements Result {

        /** Leaves out what may be a secret. */
        @Override
        public String toString() {
            return "Connect[" + client + "]";
        }
    }

    /**
     * The client is subscribed.
     *
     * @param timeToLive after how many seconds the client has to {@linkplain Request.SubRefresh
     *     prove anew} that it may be; 0 for never
     * @param position where the subscription begins, or null where clients are given no positions
     * @param recovery whether the client was recovering, and has
     * @param publications what it missed, oldest first
     * @param data from the application
     */
    record Subscribe(
            int timeToLive,
            @Nullable StreamPosition position,
            Recovery recovery,
            List<EncodedPublication> publications,
            Payload data)
            implements Result {}

    /** What came of a client's wish to recover. */
    enum Recovery {
        /** It had none. */
        NONE,
        /** It has everything that it missed. */
        RECOVERED,
        /** It has not. */
        FAILED
    }

    /** The client is not subscribed, or no more. */
    record Unsubscribe() implements Result {}

    /** The event was published. */
    record Publish() implements Result {}

    /**
     * Who is there.
     *
     * @param clients by the names of their connections
     */
    record Presence(Map<String, ClientInfo> clients) implements Result {}

    /**
     * How many are there.
     *
     * @param clients connections
     * @param users with different names
     */
    record PresenceStats(int clients, int users) implements Result {}

    /**
     * Past events.
     *
     * @param publications the events, in the order that was asked for
     * @param position of the channel's newest event
     */
    record History(List<EncodedPublication> publications, StreamPosition position)
            implements Result {}

    /**
     * What the application answers.
     *
     * @param data the answer
     */
    record Rpc(Payload data) implements Result {}

    /**
     * The client stays in.
     *
     * @param client names the connection
     * @param version of the server
     * @param timeToLive as in {@link Connect}
     */
    record Refresh(String client, String version, int timeToLive) implements Result {}

    /**
     * The client stays subscribed.
     *
     * @param timeToLive as in {@link Subscribe}
     */
    record SubRefresh(int timeToLive) implements Result {}
}
