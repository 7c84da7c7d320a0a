package dev.channels.client;

import dev.channels.ChannelsException;
import dev.channels.Note;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.Instruction;
import dev.channels.spi.Log;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one connection, into which its session puts what it says between the events. As
 * long as it is not open nothing happens: there is nobody to be told. Safe for use by any thread.
 *
 * <p>What is put waits there beside the backlog, which bounds events only; so it is counted here.
 */
final class ConnectionStream implements ClientStream {

    /** How many bytes of replies may wait for a client that asks and does not read. */
    private static final long MAX_NOTES = 1 << 20;

    /** From so many on who comes and goes is not told: a hint must not end a connection. */
    private static final long MAX_BEFORE_HINTS = MAX_NOTES / 4;

    /** What a note costs beside its message. */
    private static final int NOTE_SIZE = 64;

    private final String name;
    private final Runnable tooSlow;
    private final AtomicLong notes = new AtomicLong();
    private volatile @Nullable Subscription subscription;

    /**
     * Makes a stream that is not open.
     *
     * @param name what the log calls the connection
     * @param tooSlow ends the connection: more waits for the client than may
     */
    ConnectionStream(String name, Runnable tooSlow) {
        this.name = name;
        this.tooSlow = tooSlow;
    }

    /** Opens the stream; to be called once. */
    void open(Subscription opened) {
        subscription = opened;
    }

    /** Ends the stream, if it is open; may be called more than once. */
    void close() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    // ---- What the session wants

    @Override
    public void put(Instruction instruction) {
        Subscription open = subscription;
        if (open == null) {
            return;
        }
        int size = NOTE_SIZE;
        if (instruction instanceof Instruction.Send send) {
            size += send.message().size();
        } else if (instruction instanceof Instruction.Tell tell) {
            size += tell.message().size();
        }
        if (notes.addAndGet(size) > MAX_NOTES) {
            tooSlow.run();
            return;
        }
        open.put(new Note(instruction, size));
    }

    @Override
    public void join(Start start, String channel) {
        Subscription open = subscription;
        if (open != null) {
            open.join(start, channel);
        }
    }

    @Override
    public void enter(String channel, PresentClient client) {
        Subscription open = subscription;
        if (open != null) {
            open.enter(channel, client);
        }
    }

    @Override
    public void leave(String channel) {
        Subscription open = subscription;
        try {
            if (open != null) {
                open.leave(channel);
            }
        } catch (ChannelsException e) {
            // The application stops, and leaves all channels.
            Log.detail(e.errorCode(), () -> name + " could not leave a channel", e);
        }
    }

    // ---- What waits

    /** Something that was put has come through. */
    void taken(int size) {
        notes.addAndGet(-size);
    }

    /** Tells whether the client reads fast enough to be told who comes and goes. */
    boolean hasRoomForHints() {
        return notes.get() <= MAX_BEFORE_HINTS;
    }

    /** Returns how many events wait. */
    int backlog() {
        Subscription open = subscription;
        return open == null ? 0 : open.subscriber().backlogSize();
    }
}
