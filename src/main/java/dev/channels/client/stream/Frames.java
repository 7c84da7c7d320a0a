package dev.channels.client.stream;

import dev.channels.EventSender.Completion;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import java.io.IOException;

/** Where frames go: a session, or what stands for one in a test. */
public interface Frames {

    /**
     * Begins to write a frame; called by one thread at a time, with nothing in flight.
     *
     * @param done answered once, within this method or later, unless this method throws
     * @throws IOException if the connection is gone
     */
    void write(Encoded frame, Completion done) throws IOException;

    /** Writes nothing more, and closes the connection. */
    void end(DisconnectCode because);
}
