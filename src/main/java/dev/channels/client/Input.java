package dev.channels.client;

import dev.channels.client.protocol.Encoded;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Puts the frames of a client together, up to a size. They are taken in parts, so that no server
 * buffers a large one, and so that the limit holds on Payara too, which does not apply its own to
 * single frames.
 */
final class Input {

    /** What is kept between messages; what a large one took is let go of. */
    private static final int KEPT = 4096;

    private final int maxSize;
    private final Consumer<Encoded> frames;
    private final Runnable tooBig;

    private StringBuilder text = new StringBuilder();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean over;

    private Input(int maxSize, Consumer<Encoded> frames, Runnable tooBig) {
        this.maxSize = maxSize;
        this.frames = frames;
        this.tooBig = tooBig;
    }

    /**
     * Takes all messages of a session.
     *
     * @param maxSize how long a message may be, in characters or bytes
     * @param frames takes each message
     * @param tooBig called when one is longer, once; nothing is taken after it
     */
    static void attach(Session session, int maxSize, Consumer<Encoded> frames, Runnable tooBig) {
        Input input = new Input(maxSize, frames, tooBig);
        MessageHandler.Partial<String> texts = input::text;
        MessageHandler.Partial<byte[]> binaries = input::binary;
        session.addMessageHandler(String.class, texts);
        session.addMessageHandler(byte[].class, binaries);
    }

    // A session's messages come one after another (Jakarta WebSocket 2.1, section 5.1).
    private void text(String part, boolean last) {
        if (!fits(text.length() + part.length())) {
            return;
        }
        if (last && text.length() == 0) {
            frames.accept(new Encoded.Text(part));
            return;
        }
        text.append(part);
        if (last) {
            Encoded frame = new Encoded.Text(text.toString());
            if (text.capacity() > KEPT) {
                text = new StringBuilder();
            }
            text.setLength(0);
            frames.accept(frame);
        }
    }

    private void binary(byte[] part, boolean last) {
        if (!fits(bytes.size() + part.length)) {
            return;
        }
        bytes.writeBytes(part);
        if (last) {
            Encoded frame = new Encoded.Binary(bytes.toByteArray());
            if (bytes.size() > KEPT) {
                bytes = new ByteArrayOutputStream();
            }
            bytes.reset();
            frames.accept(frame);
        }
    }

    private boolean fits(int size) {
        if (!over && size > maxSize) {
            over = true;
            tooBig.run();
        }
        return !over;
    }
}
