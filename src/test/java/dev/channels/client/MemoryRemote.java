package dev.channels.client;

import dev.channels.server.SessionRemote;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Takes frames at once, or not before it is told to. */
final class MemoryRemote implements SessionRemote {

    private final Queue<String> frames = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> binaries = new ConcurrentLinkedQueue<>();
    volatile boolean stuck;
    volatile CloseReason closed;

    /** Whether a send has not ended. */
    volatile boolean sending;

    /** Ends the send that has not ended. */
    private volatile Runnable rest = () -> {};

    /** Takes what has come, and what comes from now on. */
    void release() {
        stuck = false;
        sending = false;
        rest.run();
    }

    List<String> frames() {
        return List.copyOf(frames);
    }

    List<byte[]> binaries() {
        return new ArrayList<>(binaries);
    }

    List<String> lines() {
        return frames().stream().flatMap(frame -> Stream.of(frame.split("\n"))).toList();
    }

    @Override
    public int maxInFlight() {
        return 1;
    }

    @Override
    public long maxInFlightBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void sendText(String text, int size, SendHandler result) {
        take(
                () -> {
                    frames.add(text);
                    result.onResult(new SendResult());
                });
    }

    @Override
    public void sendBinary(ByteBuffer data, SendHandler result) {
        take(
                () -> {
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    binaries.add(bytes);
                    result.onResult(new SendResult());
                });
    }

    private void take(Runnable frame) {
        if (stuck) {
            rest = frame;
            sending = true;
        } else {
            frame.run();
        }
    }

    @Override
    public void ping() {}

    @Override
    public boolean isUnanswered() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return closed == null;
    }

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }

    @Override
    public void giveUp(CloseReason reason) {
        closed = reason;
    }

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
