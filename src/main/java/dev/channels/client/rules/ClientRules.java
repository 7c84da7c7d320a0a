package dev.channels.client.rules;

import dev.channels.PresentClient;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the client of one connection may do, and what the application does for it. */
public interface ClientRules {

    /**
     * What was decided.
     *
     * @param error why not, or null for yes
     * @param seconds how long this holds, or 0 for ever
     * @param info what others may see of the client in the channel, or null for nothing
     */
    record Verdict(@Nullable ProtocolError error, int seconds, @Nullable String info) {

        /** For ever. */
        public static final Verdict YES = new Verdict(null, 0, null);

        /** Not at all. */
        public static Verdict no(ProtocolError error) {
            return new Verdict(error, 0, null);
        }
    }

    /**
     * Returns who the client is.
     *
     * @return the caller's name, empty for an anonymous one
     */
    String user();

    /** Decides whether the client is let in. */
    CompletionStage<Verdict> connect(Request.Connect request);

    /** The client has been let in, and can be reached. */
    void letIn();

    /** Decides whether the client may stay. */
    CompletionStage<Verdict> refresh(Request.Refresh request);

    /** Decides whether the client may be subscribed, or stay so. */
    CompletionStage<Verdict> subscribe(String channel, String token, Payload data);

    /** Tells whether the policies permit the client, as it is now, to be subscribed. */
    boolean permits(String channel);

    /** Decides whether the client may have published. */
    CompletionStage<Verdict> publish(Request.Publish request);

    /**
     * Decides whether the client may ask something about a channel.
     *
     * @param asked presence, its statistics, or history
     * @param subscribed whether the client may be subscribed to the channel, and is or will be
     */
    CompletionStage<Verdict> question(String channel, Request asked, boolean subscribed);

    /** Answers a question that the client may ask. */
    CompletionStage<Result> answer(Request asked);

    /** Tells whether subscribers of a channel may be told who comes and goes. */
    boolean tellsPresence(String channel);

    /**
     * Returns the client as others may see it in a channel; null where that is not kept.
     *
     * @param info what the application says of it there, or null
     */
    @Nullable PresentClient present(String channel, @Nullable String info);

    /**
     * Notes that the client is about to be subscribed to a channel.
     *
     * @return false if clients have brought as many channels into being as they may
     */
    boolean follow(String channel);

    /** Notes that the client is subscribed to a channel. */
    void subscribed(String channel);

    /** Notes that the client has left a channel. */
    void unfollow(String channel);

    /** Notes that something of the client was one too many. */
    void limited();

    /** Tells whether clients are given positions in a channel. */
    boolean positions(String channel);

    /** Publishes an event of the client. */
    CompletionStage<Void> published(Request.Publish request);

    /** Tells whether the application takes calls. */
    boolean takesCalls();

    /** Calls the application; one call at a time of each connection. */
    CompletionStage<Payload> call(Request.Rpc request);

    /** Hands something to the application; the stage says when it has been taken. */
    CompletionStage<Payload> sent(Request.Send request);
}
