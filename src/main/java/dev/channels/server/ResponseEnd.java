package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;

/** Ends responses. */
final class ResponseEnd {

    private ResponseEnd() {}

    /** Ends a response that no thread writes to. It throws nothing, and may have ended before. */
    static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (RuntimeException e) {
            // Nothing is left to do for it: the client is gone, or the server ended it first.
            Log.detail(ErrorCode.STATE, () -> "A response could not be ended", e);
        }
    }
}
