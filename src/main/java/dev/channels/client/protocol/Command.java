package dev.channels.client.protocol;

/**
 * What a client asks.
 *
 * @param id chosen by the client and repeated in the reply: 1 to 4294967295, or 0 for {@link
 *     Request.Pong} and for a {@link Request.Send} without one
 * @param request what is asked
 */
public record Command(long id, Request request) {

    /** The answer to a ping. */
    public static final Command PONG = new Command(0, new Request.Pong());
}
