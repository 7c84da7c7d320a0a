package dev.channels.endpoint.request;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a handshake or request that is not let in: a status and a short text, and nothing
 * of the server's own.
 *
 * @param status of HTTP
 * @param text for who develops the client
 */
public record Refusal(int status, String text) {

    /** After how many seconds a client may come back that was one too many. */
    private static final String RETRY_AFTER = "5";

    /** The channel is not declared, or there is nothing on the path. */
    public static final Refusal NOT_FOUND = new Refusal(404, "There is no such channel");

    public static final Refusal PATH = new Refusal(400, "The path is ambiguous");
    public static final Refusal BODY = new Refusal(400, "A handshake is a GET without a body");

    /** One server lets it fail with 500. */
    public static final Refusal INCOMPLETE =
            new Refusal(400, "A handshake has a Host, and a Connection that names Upgrade");

    public static final Refusal VERSION =
            new Refusal(426, "Only version 13 of WebSocket is spoken");
    public static final Refusal DATA = new Refusal(400, "Nothing may follow before the answer");
    public static final Refusal ORIGIN = new Refusal(403, "This origin is not allowed");

    public static final Refusal UNKNOWN_CALLER = new Refusal(401, "Who are you?");
    public static final Refusal FORBIDDEN =
            new Refusal(403, "You may not subscribe to this channel");
    public static final Refusal FULL = new Refusal(503, "There are too many connections");
    public static final Refusal STOPPING = new Refusal(503, "The application stops");
    public static final Refusal CALLER_FULL = new Refusal(429, "You have too many connections");
    public static final Refusal ADDRESS_FULL =
            new Refusal(429, "Your address has too many connections");

    /** Clients have brought as many channels into being as they may. */
    public static final Refusal CHANNELS_FULL = new Refusal(503, "There are too many channels");

    /** Who decides has not answered, or a server lacks what it takes. */
    public static final Refusal UNDECIDED = new Refusal(503, "It cannot be decided now");

    /**
     * Sends it. The connection is closed: what may follow is of no interest.
     *
     * @param response nothing of which has been sent
     * @throws IOException if the client is gone
     */
    public void sendTo(HttpServletResponse response) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.US_ASCII);
        // Not sendError, which makes a page of the server's.
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Connection", "close");
        if (status == 426) {
            response.setHeader("Sec-WebSocket-Version", "13");
        }
        if (status == 429 || status == 503) {
            response.setHeader("Retry-After", RETRY_AFTER);
        }
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
