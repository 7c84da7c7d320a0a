package dev.channels.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ServerSocketFactory;

/**
 * Stands between a client and a broker on this machine, and breaks what lies between them: it cuts
 * connections, refuses new ones, holds bytes back, or delays them.
 *
 * <pre>
 *             cut()                       freeze()
 *   CUT ◀───────────────── PASSING ─────────────────▶ FROZEN
 *    └──────────────────▶           ◀──────────────────┘
 *            restore()                   restore()
 *
 *   PASSING  bytes are forwarded, each chunk after the delay
 *   CUT      every connection is closed, each new one is closed at once
 *   FROZEN   connections stay open and new ones are accepted, but no byte passes: what a host
 *            that vanished without a word looks like. What was held back passes after restore()
 * </pre>
 *
 * <p>Safe for use by any thread. The port stays the same until {@link #close()}.
 */
public final class TcpProxy implements AutoCloseable {

    private enum Mode {
        PASSING,
        CUT,
        FROZEN,
        CLOSED
    }

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong forwarded = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Writes guarded by lock
    private volatile Mode mode = Mode.PASSING;
    private volatile Duration delay = Duration.ZERO;

    /**
     * Opens a proxy on a free port of the loopback address.
     *
     * @param targetPort the port of the broker on the loopback address; it need not be open yet
     */
    public TcpProxy(int targetPort) {
        this(targetPort, ServerSocketFactory.getDefault());
    }

    /**
     * Opens a proxy that takes its connections from a socket of the factory: of TLS, for example,
     * which then ends here.
     *
     * @param targetPort the port of the broker on the loopback address; it need not be open yet
     */
    public TcpProxy(int targetPort, ServerSocketFactory factory) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        try {
            server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("tcp-proxy-accept", this::accept);
    }

    /** Returns the port to connect to. */
    public int port() {
        return server.getLocalPort();
    }

    /** Returns how many connections were made so far, those closed at once not counted. */
    public long connections() {
        return accepted.get();
    }

    /** Returns how many bytes were forwarded so far, both ways together. */
    public long bytes() {
        return forwarded.get();
    }

    /** Closes every connection, and each new one at once, until {@link #restore()}. */
    public void cut() {
        change(Mode.CUT);
        closeConnections();
    }

    /** Closes the connections that there are; new ones are welcome. */
    public void closeConnections() {
        sockets.forEach(TcpProxy::closeQuietly);
        // Wakes those that wait for a frozen proxy to pass again.
        change(mode);
    }

    /** Keeps connections open, and lets no byte pass, until {@link #restore()}. */
    public void freeze() {
        change(Mode.FROZEN);
    }

    /** Lets bytes pass again, those first that were held back on connections still open. */
    public void restore() {
        change(Mode.PASSING);
    }

    /** Holds each chunk of bytes back for a while, each way; zero ends that. */
    public void delay(Duration perChunk) {
        delay = perChunk;
    }

    @Override
    public void close() {
        change(Mode.CLOSED);
        closeQuietly(server);
        closeConnections();
    }

    private void change(Mode to) {
        lock.lock();
        try {
            if (mode != Mode.CLOSED) {
                mode = to;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (mode != Mode.CLOSED) {
            try {
                Socket client = server.accept();
                if (mode == Mode.CUT) {
                    closeQuietly(client);
                } else {
                    sockets.add(client);
                    daemon("tcp-proxy-connect", () -> connect(client));
                }
            } catch (IOException e) {
                // The server socket was closed, or the client gave up before it was accepted.
                continue;
            }
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        sockets.add(broker);
        try {
            awaitPassing(client);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            broker.connect(target);
            accepted.incrementAndGet();
            daemon("tcp-proxy-down", () -> pump(broker, client));
            pump(client, broker);
        } catch (IOException | InterruptedException e) {
            closeBoth(client, broker);
        }
        // cut() may have come between the accept and the entry into the set.
        if (mode == Mode.CUT || mode == Mode.CLOSED) {
            closeBoth(client, broker);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = in.read(chunk);
            while (length >= 0) {
                awaitDelay();
                awaitPassing(from);
                out.write(chunk, 0, length);
                forwarded.addAndGet(length);
                length = in.read(chunk);
            }
        } catch (IOException | InterruptedException e) {
            // Either end is gone: so is the other.
        } finally {
            closeBoth(from, to);
        }
    }

    private void awaitPassing(Socket socket) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (mode == Mode.FROZEN && !socket.isClosed()) {
                changed.await();
            }
            if (mode == Mode.CUT || mode == Mode.CLOSED || socket.isClosed()) {
                throw new IOException("cut");
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitDelay() throws InterruptedException {
        long nanos = delay.toNanos();
        long end = System.nanoTime() + nanos;
        lock.lock();
        try {
            while (nanos > 0 && mode != Mode.CUT && mode != Mode.CLOSED) {
                changed.await(nanos, TimeUnit.NANOSECONDS);
                nanos = end - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeBoth(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is closed all the same.
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
