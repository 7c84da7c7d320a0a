package dev.channels.websocket;

import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;

/**
 * Ignores what a client sends, up to a size. Partial messages are counted as they come, so that no
 * server buffers a large one, and so that the limit holds on Payara too, which does not apply its
 * own to single frames.
 */
final class IgnoredInput {

    private final int maxSize;
    private final Runnable tooBig;
    private long size;

    private IgnoredInput(int maxSize, Runnable tooBig) {
        this.maxSize = maxSize;
        this.tooBig = tooBig;
    }

    /**
     * Takes all messages of a session.
     *
     * @param maxSize how long a message may be, in characters or bytes
     * @param tooBig called when one is longer, once
     */
    static void attach(Session session, int maxSize, Runnable tooBig) {
        IgnoredInput input = new IgnoredInput(maxSize, tooBig);
        MessageHandler.Partial<String> text = (part, last) -> input.take(part.length(), last);
        MessageHandler.Partial<byte[]> binary = (part, last) -> input.take(part.length, last);
        session.addMessageHandler(String.class, text);
        session.addMessageHandler(byte[].class, binary);
    }

    // A session's messages come one after another (Jakarta WebSocket 2.1, section 5.1).
    private void take(int length, boolean last) {
        boolean within = size <= maxSize;
        size += length;
        if (within && size > maxSize) {
            tooBig.run();
        }
        if (last) {
            size = 0;
        }
    }
}
