package dev.channels.client.session;

import dev.channels.client.protocol.DisconnectCode;
import org.jspecify.annotations.Nullable;

/**
 * How far the session of one client has come. Knows nothing of what is sent.
 *
 * <pre>
 *   NEW ──connect──▶ CONNECTING ──let in──▶ CONNECTED
 *    │                   └────── refused ──▶ REFUSED ──▶ (nothing is read any more)
 *    └── anything else, and a fault in any state ──▶ OVER
 * </pre>
 *
 * <p>Changed by one task at a time; what other threads ask for is volatile.
 */
final class SessionState {

    /** What is done with the next command. */
    enum Step {
        /** It must be a connect. */
        CONNECT,
        /** It waits until it is decided whether the client is let in. */
        WAIT,
        /** It is carried out. */
        CARRY_OUT,
        /** Nobody reads on after a refusal or a fault. */
        IGNORE
    }

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        REFUSED,
        OVER
    }

    private volatile State state = State.NEW;

    private volatile boolean deaf;
    private volatile @Nullable DisconnectCode ending;

    Step next() {
        return switch (state) {
            case NEW -> Step.CONNECT;
            case CONNECTING -> Step.WAIT;
            case CONNECTED -> Step.CARRY_OUT;
            case REFUSED, OVER -> Step.IGNORE;
        };
    }

    /** The client has asked to be let in. */
    void connect() {
        state = State.CONNECTING;
    }

    /**
     * It was decided whether the client is let in.
     *
     * @return false if it does not matter any more
     */
    boolean decide(boolean letIn) {
        if (state != State.CONNECTING) {
            return false;
        }
        state = letIn ? State.CONNECTED : State.REFUSED;
        if (!letIn) {
            deaf = true;
        }
        return true;
    }

    /** Nothing of what the client sends is read from now on; by any thread. */
    void stopReading() {
        deaf = true;
    }

    /**
     * The session ends the connection.
     *
     * @return false if it is over already
     */
    boolean disconnect(DisconnectCode code) {
        if (state == State.OVER) {
            return false;
        }
        ending = code;
        end();
        return true;
    }

    /** The connection is over. */
    void end() {
        state = State.OVER;
        deaf = true;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Tells whether the client was let in, and is there; by any thread. */
    boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Tells whether nothing of what the client sends is read any more; by any thread. */
    boolean isDeaf() {
        return deaf;
    }

    /** Returns why the session has ended the connection, or null if it has not; by any thread. */
    @Nullable DisconnectCode ending() {
        return ending;
    }
}
