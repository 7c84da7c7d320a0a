package dev.channels.client.protocol;

/** What the server sends. */
public sealed interface ServerMessage {

    /**
     * Answers a command that was carried out.
     *
     * @param id of the command
     * @param result what came of it
     */
    record Reply(long id, Result result) implements ServerMessage {}

    /**
     * Answers a command that was not carried out.
     *
     * @param id of the command
     * @param error why
     */
    record Failure(long id, ProtocolError error) implements ServerMessage {}

    /**
     * Tells what happened, unasked.
     *
     * @param channel where; empty if in none
     * @param content what
     */
    record Push(String channel, PushContent content) implements ServerMessage {}

    /** Asks for a sign of life. */
    record Ping() implements ServerMessage {}
}
