package dev.channels.websocket;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Subscription;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of one channel to one session, and ignores what the client sends. Public because
 * Tyrus calls it by reflection; made by its configurator only.
 *
 * <p>A session can be closed while the plugin still subscribes for it, on another thread or on the
 * same one. Whichever comes second, the subscription or the end, closes the subscription. The
 * states, read and written in {@link #moveTo} only, under the lock:
 *
 * <pre>
 *   OPENING ──the plugin has subscribed──▶ SUBSCRIBED
 *      │                                       │
 *      └──── closed, or its input too big ─────┴──▶ OVER
 * </pre>
 */
public final class ChannelEndpoint extends Endpoint {

    private enum State {
        OPENING,
        SUBSCRIBED,
        OVER
    }

    private final EndpointContext context;
    private final @Nullable String channel;

    private volatile @Nullable SessionSender sender;
    private final Object lock = new Object();
    // Guarded by lock.
    private State state = State.OPENING;
    private @Nullable Subscription subscription;

    ChannelEndpoint(EndpointContext context, @Nullable String channel) {
        this.context = context;
        this.channel = channel;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        // Quiet channels are no reason to hang up; a client that is gone is found by the next send.
        if (session.getMaxIdleTimeout() > 0) {
            // Only then, because Tyrus schedules a task with each call.
            session.setMaxIdleTimeout(0);
        }
        String name = channel != null ? channel : parameter(session);
        SessionSender opened = new SessionSender(session, SessionEngine.of(session), name, context);
        sender = opened;
        IgnoredInput.attach(session, context.settings().maxMessageSize(), this::tooBig);
        context.sessions().add(opened, GrizzlyConnection.of(session));
        try {
            began(
                    context.plugin()
                            .startSubscription(
                                    List.of(name), context.settings().history(), opened));
        } catch (ChannelsException e) {
            // Nothing was subscribed, so nobody else will close the session, nor log why.
            if (e.errorCode() != ErrorCode.NOT_RUNNING) {
                Log.warn(e.errorCode(), opened + " got no subscription", e);
            }
            opened.ended(e);
        }
        if (!session.isOpen()) {
            gone();
        }
    }

    private static String parameter(Session session) {
        String name = session.getPathParameters().get(EndpointPaths.PARAMETER);
        if (name != null) {
            return name;
        }
        // Open Liberty has no parameters for a template below the root, Tyrus none for a path that
        // reads like the template. What the URI begins with differs, it ends the same everywhere.
        String path = session.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void began(Subscription begun) {
        close(moveTo(State.SUBSCRIBED, begun));
    }

    /** Unsubscribes; the sender, which takes no more events, lets go of the backlog. */
    private void end() {
        close(moveTo(State.OVER, null));
    }

    /** Returns the subscription that is to be closed, outside of the lock. */
    private @Nullable Subscription moveTo(State next, @Nullable Subscription begun) {
        synchronized (lock) {
            if (state == State.OVER) {
                return begun;
            }
            Subscription ending = subscription;
            state = next;
            subscription = begun;
            return ending;
        }
    }

    private static void close(@Nullable Subscription subscription) {
        if (subscription != null) {
            subscription.close();
        }
    }

    private void tooBig() {
        SessionSender current = sender;
        if (current != null) {
            current.end(
                    new CloseReason(
                            CloseCodes.TOO_BIG,
                            "Messages are ignored here, up to "
                                    + context.settings().maxMessageSize()));
        }
        end();
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        gone();
    }

    /** The session is closed; nothing can be sent any more. */
    private void gone() {
        SessionSender current = sender;
        if (current != null) {
            current.closed();
            context.sessions().remove(current);
        }
        end();
    }

    @Override
    public void onError(Session session, Throwable failure) {
        // Mostly a client that went away without a word; the server closes the session.
        Log.detail(
                ErrorCode.STATE, () -> "WebSocket session " + session.getId() + " failed", failure);
    }
}
