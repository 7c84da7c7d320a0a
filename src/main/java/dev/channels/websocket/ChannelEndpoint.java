package dev.channels.websocket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.PresentClient;
import dev.channels.Subscription;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.write.SessionWriter;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import jakarta.websocket.CloseReason;
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

    private volatile @Nullable SessionWriter writer;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private State state = State.OPENING;

    @GuardedBy("lock")
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
        Handshake handshake = Handshake.of(session, EndpointPaths.DOOR);
        String name = handshake == null ? null : handshake.channel();
        if (handshake == null || name == null || (channel != null && !channel.equals(name))) {
            Handshake.refuse(session);
            return;
        }
        EndpointSettings settings = context.settings();
        Doors doors = context.doors();
        SessionWriter opened =
                new SessionWriter(
                        doors.server().remote(session),
                        "WebSocket session "
                                + session.getId()
                                + " of channel '"
                                + ChannelNames.printable(name)
                                + "'",
                        doors.settings().sendTimeout(),
                        doors.settings().pingInterval(),
                        this::gone);
        writer = opened;
        IgnoredInput.attach(session, settings.maxMessageSize(), this::tooBig);
        if (!doors.connections().add(opened, handshake)) {
            return;
        }
        SessionSender sender =
                new SessionSender(
                        opened,
                        settings.mode(),
                        settings.history() != 0,
                        () -> doors.connections().subscribed(opened, name));
        try {
            Subscription begun =
                    doors.plugin().startSubscription(List.of(name), settings.history(), sender);
            opened.countBacklogBy(() -> begun.subscriber().backlogSize());
            PresentClient client = doors.present(opened.id(), handshake.caller(), name, null);
            if (client != null) {
                begun.enter(name, client);
            }
            began(begun);
        } catch (ChannelsException e) {
            // Nothing was subscribed, so nobody else will close the session, nor log why.
            if (e.errorCode() != ErrorCode.NOT_RUNNING) {
                doors.log().warn(e.errorCode(), opened + " got no subscription: " + e.getMessage());
            }
            sender.ended(e);
        }
        if (!session.isOpen()) {
            if (opened.ending() == null) {
                // The server may not tell of the end, and keep what it is not asked to close.
                doors.connections().giveUp(opened, Ending.GONE);
            }
            closed();
        }
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
        SessionWriter current = writer;
        if (current != null) {
            current.end(
                    new Ending(
                            1009,
                            "Messages are ignored here, up to "
                                    + context.settings().maxMessageSize()));
        }
        end();
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        closed();
    }

    /** The session is closed; nothing can be sent any more. */
    private void closed() {
        SessionWriter current = writer;
        if (current != null) {
            current.closed();
        }
        gone();
    }

    private void gone() {
        SessionWriter current = writer;
        if (current != null) {
            context.doors().connections().remove(current, current.ending());
        }
        end();
    }

    /**
     * Mostly a client that went away without a word, or broke the protocol. A server closes the
     * session then, but not each one always.
     */
    @Override
    public void onError(Session session, Throwable failure) {
        Log.detail(
                ErrorCode.STATE, () -> "WebSocket session " + session.getId() + " failed", failure);
        SessionWriter current = writer;
        if (current != null) {
            context.doors().connections().giveUp(current, Ending.GONE);
        }
    }
}
