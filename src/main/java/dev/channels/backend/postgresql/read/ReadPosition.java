package dev.channels.backend.postgresql.read;

import java.util.Comparator;

/**
 * How far this node has read one channel. Used by the reader's thread only.
 *
 * <pre>
 *   UNBORN ── the channel has a row ──▶ FOLLOWING ── the row is gone: gap ──▶ UNBORN
 *   (nothing was ever published,        (after the event at {@code offset})
 *   so everything is news)                 │  ▲
 *                                          └──┘ another row or another epoch: gap
 * </pre>
 */
final class ReadPosition {

    /** What a reading of the channel's row means. */
    enum Finding {
        /** What follows the offset is what follows. */
        CONTINUES,
        /** Events may be lost; the offset was set back to where reading is to go on. */
        GAP,
        /** The row is behind this reader although the epoch is the same: a new one must begin. */
        BEHIND
    }

    /** By when they were last given events, those that were longest ago first. */
    static final Comparator<ReadPosition> LONGEST_AGO_FIRST =
            Comparator.comparingLong(position -> position.lastReading);

    private static final long NO_ROW = 0;

    private final String channel;
    private String epoch = "";
    private long rowId = NO_ROW;
    private long offset;
    private long lastReading;

    ReadPosition(String channel) {
        this.channel = channel;
    }

    String channel() {
        return channel;
    }

    /** Returns the offset of the last event seen, 0 before the first one. */
    long offset() {
        return offset;
    }

    boolean isUnborn() {
        return rowId == NO_ROW;
    }

    /** Tells whether a row holds what this reader has not seen. */
    boolean hasNews(String nowEpoch, long nowRowId, long lastOffset) {
        return nowRowId != rowId || lastOffset != offset || !nowEpoch.equals(epoch);
    }

    /** Begins at now: everything up to this offset is passed over. */
    void begin(String nowEpoch, long nowRowId, long lastOffset) {
        epoch = nowEpoch;
        rowId = nowRowId;
        offset = lastOffset;
    }

    /** Goes on behind an event. */
    void seen(long nowOffset) {
        offset = nowOffset;
    }

    /** Says that it was given events in a reading, by its number. */
    void givenIn(long reading) {
        lastReading = reading;
    }

    /** The row is gone; whatever comes is new. */
    void unborn() {
        rowId = NO_ROW;
        offset = 0;
    }

    /**
     * Compares this reader with the channel's row.
     *
     * @param nowEpoch the epoch of the tables
     * @param nowRowId the id of the row
     * @param base the row's offset when the epoch began
     * @param lastOffset the row's offset now
     * @return what that means
     */
    Finding align(String nowEpoch, long nowRowId, long base, long lastOffset) {
        if (isUnborn()) {
            begin(nowEpoch, nowRowId, 0);
            return Finding.CONTINUES;
        }
        if (nowRowId != rowId) {
            begin(nowEpoch, nowRowId, 0);
            return Finding.GAP;
        }
        if (!nowEpoch.equals(epoch)) {
            // Up to the base these are the events of before, which this reader may have seen.
            begin(nowEpoch, nowRowId, Math.min(offset, base));
            return Finding.GAP;
        }
        return lastOffset < offset ? Finding.BEHIND : Finding.CONTINUES;
    }
}
