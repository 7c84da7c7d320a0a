package dev.channels.demo;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.Status;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What the demo takes as a payload: the page shows text, and not too much of it. */
final class Payloads {

    private static final int MAX_BYTES = 16 * 1024;

    private Payloads() {}

    static void check(byte[] payload) {
        if (payload.length == 0) {
            throw new WebApplicationException(
                    "The body is empty; it is what would be published.", Status.BAD_REQUEST);
        }
        if (payload.length > MAX_BYTES) {
            throw new WebApplicationException(
                    "The body is longer than the " + MAX_BYTES + " bytes that this demo takes.",
                    Status.REQUEST_ENTITY_TOO_LARGE);
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload));
        } catch (CharacterCodingException e) {
            throw new WebApplicationException(
                    "The body is not UTF-8, and this demo's channels carry text.",
                    e,
                    Status.BAD_REQUEST);
        }
    }
}
