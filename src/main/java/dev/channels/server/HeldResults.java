package dev.channels.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * The results of sends that an engine takes without a bound: they are held back while the client
 * has not shown to have read what was sent before. As many sends wait here as the window of the
 * session allows.
 */
final class HeldResults {

    private final Pulse pulse;

    @GuardedBy("this")
    private final Queue<SendHandler> held = new ArrayDeque<>(1);

    HeldResults(Pulse pulse) {
        this.pulse = pulse;
    }

    /** The engine has done with a send; its sender is told now, or later. */
    void ended(SendResult result, SendHandler sender) {
        synchronized (this) {
            if (result.isOK() && !(held.isEmpty() && pulse.fits())) {
                held.add(sender);
                return;
            }
        }
        sender.onResult(result);
    }

    /** The client may have read; tells the senders whose turn it is. */
    void release() {
        List<SendHandler> released;
        synchronized (this) {
            if (!pulse.fits()) {
                return;
            }
            released = List.copyOf(held);
            held.clear();
        }
        released.forEach(sender -> sender.onResult(new SendResult()));
    }

    /** The connection is gone. */
    void fail(Throwable cause) {
        List<SendHandler> failed;
        synchronized (this) {
            failed = List.copyOf(held);
            held.clear();
        }
        failed.forEach(sender -> sender.onResult(new SendResult(cause)));
    }
}
