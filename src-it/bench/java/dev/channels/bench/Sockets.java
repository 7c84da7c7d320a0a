package dev.channels.bench;

import dev.channels.bench.app.Progress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** WebSockets to one application, all on one event loop. */
final class Sockets implements AutoCloseable {

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final int HANDSHAKES_AT_ONCE = 50;
    private static final int STUCK_BUFFER = 4096;

    private final EventLoopGroup loop;
    private final URI application;
    private final Path file;
    private final Door door;
    private final Tally tally;
    private final List<Channel> readers = new ArrayList<>();
    private final List<Channel> stuck = new ArrayList<>();

    /**
     * Makes no socket yet.
     *
     * @param loop has one thread
     * @param application the address of the application
     * @param file for the progress that the application follows
     * @param door where they come in
     */
    Sockets(EventLoopGroup loop, URI application, Path file, Door door) {
        this.loop = loop;
        this.application = application;
        this.file = file;
        this.door = door;
        tally = new Tally(new Progress(file));
    }

    /** Opens sockets, the same number for each channel. */
    void open(int count, int channels, int perSocket) throws Exception {
        for (int i = 0; i < count; i += HANDSHAKES_AT_ONCE) {
            List<Channel> opening = new ArrayList<>();
            for (int j = i; j < Math.min(count, i + HANDSHAKES_AT_ONCE); j++) {
                opening.add(connect(j, channels, perSocket, true));
            }
            for (Channel channel : opening) {
                awaitOpen(channel);
            }
            readers.addAll(opening);
        }
    }

    /** Opens sockets that do not read. */
    void openStuck(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Channel channel = connect(0, 1, 1, false);
            stuck.add(channel);
            awaitOpen(channel);
        }
    }

    /** Opens a socket for as many channels as it follows, from the number-th on. */
    private Channel connect(int number, int channels, int perSocket, boolean reads)
            throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < perSocket; i++) {
            names.add("c" + (number + i * Math.max(1, channels / perSocket)) % channels);
        }
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .handler(receiver(names, reads));
        if (!reads) {
            bootstrap.option(ChannelOption.SO_RCVBUF, STUCK_BUFFER);
        }
        ChannelFuture connected =
                bootstrap.connect(
                        new InetSocketAddress(application.getHost(), application.getPort()));
        return connected.sync().channel();
    }

    private Receiver receiver(List<String> channels, boolean reads) {
        String host = application.getAuthority();
        String base = application.getPath();
        return switch (door) {
            case PLAIN -> new Receiver(host, base + "ws/" + channels.get(0), tally, reads);
            case CLIENT ->
                    new ClientReceiver(host, base + "connection/websocket", channels, tally, reads);
            case SSE -> {
                String path = base + "connection/sse?channel=" + channels.get(0);
                yield new SseReceiver(host, path, tally, reads);
            }
        };
    }

    private static void awaitOpen(Channel channel) throws Exception {
        ChannelFuture opened = channel.pipeline().get(Receiver.class).opened();
        if (!opened.await(HANDSHAKE_TIMEOUT.toMillis())) {
            throw new IllegalStateException("No answer to a handshake in " + HANDSHAKE_TIMEOUT);
        }
        opened.sync();
    }

    /** Returns how many sockets read. */
    int readers() {
        return readers.size();
    }

    Path file() {
        return file;
    }

    /** Counts from a sequence number on. */
    void begin(long sequence) throws Exception {
        onLoop(
                () -> {
                    tally.begin(sequence);
                    return null;
                });
    }

    /** Waits until so many deliveries have come, or no more come; returns what came. */
    Tally.Received await(long deliveries) throws Exception {
        long quietSince = System.nanoTime();
        long before = -1;
        while (System.nanoTime() - quietSince < QUIET.toNanos()) {
            long advanced = onLoop(tally::advanced);
            if (advanced >= deliveries) {
                break;
            }
            if (advanced > before) {
                before = advanced;
                quietSince = System.nanoTime();
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return read();
    }

    /** Returns what came so far. */
    Tally.Received read() throws Exception {
        return onLoop(tally::read);
    }

    private <T> T onLoop(Callable<T> reading) throws Exception {
        return loop.submit(reading).get(1, TimeUnit.MINUTES);
    }

    /** Closes the sockets that do not read. */
    void closeStuck() throws InterruptedException {
        close(stuck);
    }

    private static void close(List<Channel> channels) throws InterruptedException {
        for (Channel channel : channels) {
            channel.close().await(HANDSHAKE_TIMEOUT.toMillis());
        }
        channels.clear();
    }

    @Override
    public void close() throws InterruptedException {
        close(stuck);
        close(readers);
    }
}
