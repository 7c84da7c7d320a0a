package dev.channels.server;

import dev.channels.ErrorCode;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Open Liberty, which fails a second send, or loses frames of it, and a ping beside a send. Its
 * basic remote writes on the thread that calls, while its async remote hands each send through two
 * other threads, for twice the processor time and a third of the deliveries. So the basic remote is
 * used as long as it does not block, by what the client has shown to have read. Should it block all
 * the same, then few threads only: when a connection ends in which a send blocks, the server
 * forgets to wake that thread, or its own which sends the close. A session may be closed and its
 * connection stay; see {@link LibertyConnection}.
 */
final class LibertyServer extends Server {

    /** How many threads may write a response, each of whose writes may block for a minute. */
    private static final int WRITERS = 64;

    private final Semaphore blockingSends;
    private final BlockingWrites blockingWrites = new BlockingWrites(WRITERS);

    LibertyServer() {
        this(new Semaphore(Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Makes a server.
     *
     * @param blockingSends as many permits as threads may be in a blocking send
     */
    LibertyServer(Semaphore blockingSends) {
        this.blockingSends = blockingSends;
    }

    @Override
    List<String> classPrefixes() {
        return List.of(
                "com.ibm.ws.wsoc.",
                "io.openliberty.wsoc.",
                "com.ibm.ws.webcontainer.",
                "com.ibm.wsspi.webcontainer.");
    }

    @Override
    public SessionRemote remote(Session session) {
        return new Remote(session, blockingSends);
    }

    @Override
    public ResponseRemote response(AsyncContext context) throws IOException {
        return new BlockingResponse(context, blockingWrites);
    }

    @Override
    public String toString() {
        return "Open Liberty";
    }

    private static final class Remote extends AsyncRemote {

        private final Semaphore blockingSends;
        private volatile boolean givenUp;

        /** Whether a client that was given up may still read what is on its way, and the close. */
        private volatile boolean reading;

        Remote(Session session, Semaphore blockingSends) {
            super(session);
            this.blockingSends = blockingSends;
        }

        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        public void sendText(String text, int size, SendHandler result) {
            send(text, null, size, result);
        }

        /** Sends a copy, as a read-only buffer is reported as sent and nothing is. */
        @Override
        public void sendBinary(ByteBuffer data, SendHandler result) {
            ByteBuffer writable = data;
            if (data.isReadOnly()) {
                writable = ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
            }
            send("", writable, data.remaining(), result);
        }

        private void send(String text, @Nullable ByteBuffer data, int size, SendHandler result) {
            askIfDue();
            if (givenUp) {
                // During that ping. Nothing may be sent beside the close.
                result.onResult(new SendResult(new IOException("The session was given up")));
                return;
            }
            pulse().add(size);
            if (pulse().fits() && blockingSends.tryAcquire()) {
                result.onResult(sendBlocking(text, data));
            } else if (data == null) {
                super.sendText(text, size, result);
            } else {
                super.sendBinary(data, result);
            }
        }

        private SendResult sendBlocking(String text, @Nullable ByteBuffer data) {
            try {
                if (data == null) {
                    session().getBasicRemote().sendText(text);
                } else {
                    session().getBasicRemote().sendBinary(data);
                }
                return new SendResult();
            } catch (IOException e) {
                return new SendResult(e);
            } finally {
                blockingSends.release();
            }
        }

        /**
         * Asks the client whether it has read, if that is due; the send tells if that failed. A
         * ping is small, so that it blocks only if the buffers are full to the last bytes.
         */
        private void askIfDue() {
            if (!pulse().isPingDue() || !blockingSends.tryAcquire()) {
                return;
            }
            try {
                ping();
            } catch (IOException e) {
                Log.detail(ErrorCode.STATE, () -> "A WebSocket session could not be pinged", e);
            } finally {
                blockingSends.release();
            }
        }

        @Override
        public void giveUp(CloseReason reason) {
            givenUp = true;
            reading = true;
            close(reason);
        }

        @Override
        public boolean isConnected() {
            return connection().isLeft();
        }

        /** Not right behind the close, which would be lost; whoever asks again ends it. */
        @Override
        public void terminate() {
            if (reading) {
                reading = false;
            } else {
                connection().end();
            }
        }

        private LibertyConnection connection() {
            return LibertyConnection.of(session());
        }
    }
}
