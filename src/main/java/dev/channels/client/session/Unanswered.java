package dev.channels.client.session;

/**
 * The commands of one client that have no answer yet, and what they keep meanwhile. Used by one
 * task at a time.
 *
 * <p>Subscriptions are not counted here, since there are no more than channels, but what they keep
 * is.
 */
final class Unanswered {

    /** How many commands beside subscriptions may wait. */
    static final int MAX = 100;

    /** How many characters or bytes of all of them; a first one may have more. */
    static final int MAX_SIZE = 1 << 20;

    private int count;
    private long size;

    /** Returns false if there are too many. */
    boolean begin(int more) {
        if (count >= MAX || !keep(more)) {
            return false;
        }
        count++;
        return true;
    }

    /** A command that was begun has its answer. */
    void end(int less) {
        count--;
        drop(less);
    }

    /** Likewise for a subscription. */
    boolean keep(int more) {
        if (size > 0 && size + more > MAX_SIZE) {
            return false;
        }
        size += more;
        return true;
    }

    /** Likewise for a subscription. */
    void drop(int less) {
        size -= less;
    }
}
