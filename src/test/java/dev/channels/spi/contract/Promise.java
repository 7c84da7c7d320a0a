package dev.channels.spi.contract;

/**
 * What a backend promises beyond the contract that all backends share.
 *
 * @param delivery what an outage may do to events
 * @param historyLimit how many events of a channel the backend under test keeps at least, before
 *     older ones may be trimmed: 0 if it keeps no history, else 1,000 or more; {@link
 *     Integer#MAX_VALUE} if their number is not limited. Up to 10,000 the suite tests trimming too.
 * @param payloadLimit the greatest payload in bytes that the backend accepts, {@link
 *     Integer#MAX_VALUE} if there is no limit. The suite tries payloads up to 1 MB, and one past
 *     the limit if that is at most 16 MB.
 */
public record Promise(Delivery delivery, int historyLimit, int payloadLimit) {

    /** What an outage may do to events whose publish stage has completed. */
    public enum Delivery {
        /** They may be lost, and those of a repeated batch may come twice. */
        AT_MOST_ONCE,
        /** None is lost; those of a repeated batch may come twice, at two positions. */
        AT_LEAST_ONCE,
        /** None is lost, and those of a repeated batch come once. */
        ONCE
    }

    /** Makes a promise. */
    public Promise {
        if (historyLimit != 0 && historyLimit < 1_000) {
            throw new IllegalArgumentException(
                    "The suite needs a history of at least 1,000 events, or none (0), not "
                            + historyLimit);
        }
    }

    /**
     * Returns the promise of a backend that delivers at most once and keeps no history.
     *
     * @return the promise, without a limit of the payload
     */
    public static Promise atMostOnce() {
        return new Promise(Delivery.AT_MOST_ONCE, 0, Integer.MAX_VALUE);
    }

    /**
     * Returns the promise of a backend that loses nothing, and keeps a history to that end.
     *
     * @param historyLimit see {@link #historyLimit()}
     * @return the promise, without a limit of the payload
     */
    public static Promise atLeastOnce(int historyLimit) {
        return new Promise(Delivery.AT_LEAST_ONCE, historyLimit, Integer.MAX_VALUE);
    }

    /**
     * Returns the promise of a backend that loses nothing and recognises what is published again.
     *
     * @param historyLimit see {@link #historyLimit()}
     * @return the promise, without a limit of the payload
     */
    public static Promise once(int historyLimit) {
        return new Promise(Delivery.ONCE, historyLimit, Integer.MAX_VALUE);
    }

    /**
     * Returns this promise with another history.
     *
     * @param limit see {@link #historyLimit()}
     * @return the promise
     */
    public Promise withHistory(int limit) {
        return new Promise(delivery, limit, payloadLimit);
    }

    /**
     * Returns this promise with a limit of the payload.
     *
     * @param bytes see {@link #payloadLimit()}
     * @return the promise
     */
    public Promise withPayloadLimit(int bytes) {
        return new Promise(delivery, historyLimit, bytes);
    }

    boolean keepsHistory() {
        return historyLimit > 0;
    }
}
