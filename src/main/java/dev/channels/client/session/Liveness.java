package dev.channels.client.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * When a client is asked for a sign of life, and when it has failed to give one. Knows times only;
 * all of them are of {@link System#nanoTime}.
 *
 * <pre>
 *   NEW ──connected──▶ QUIET ──ping due──▶ ASKED ──pong──▶ QUIET
 *    └─▶ LATE (no connect in time)           └─▶ DEAD (no pong in time)
 * </pre>
 */
public final class Liveness {

    /** What is due. */
    public enum Due {
        /** Nothing. */
        NOTHING,
        /** A ping. */
        PING,
        /** The end: the client never said connect. */
        LATE,
        /** The end: it does not answer. */
        DEAD
    }

    private final long pingInterval;
    private final long pongTimeout;

    @GuardedBy("this")
    private boolean connected;

    @GuardedBy("this")
    private boolean asked;

    /** When the next thing is due. */
    @GuardedBy("this")
    private long deadline;

    @GuardedBy("this")
    private long nextPing;

    /**
     * Begins with a client that has just been let in.
     *
     * @param pingInterval in nanoseconds
     * @param pongTimeout in nanoseconds
     * @param connectTimeout in nanoseconds
     */
    public Liveness(long pingInterval, long pongTimeout, long connectTimeout, long now) {
        this.pingInterval = pingInterval;
        this.pongTimeout = pongTimeout;
        this.deadline = now + connectTimeout;
    }

    /**
     * The client is connected.
     *
     * @param share of the interval until its first ping, between 0.5 and 1: clients that came at
     *     once are not to be pinged at once for ever
     */
    synchronized void connected(double share, long now) {
        connected = true;
        nextPing = now + (long) (pingInterval * share);
        deadline = nextPing;
    }

    /** The client gave a sign of life; returns whether it was asked for one. */
    synchronized boolean pong() {
        if (!asked) {
            return false;
        }
        asked = false;
        deadline = nextPing;
        return true;
    }

    /** Tells what is due; a ping only once. */
    public synchronized Due look(long now) {
        if (now - deadline < 0) {
            return Due.NOTHING;
        }
        if (!connected) {
            return Due.LATE;
        }
        if (asked) {
            return Due.DEAD;
        }
        asked = true;
        nextPing = now + pingInterval;
        deadline = now + pongTimeout;
        return Due.PING;
    }
}
