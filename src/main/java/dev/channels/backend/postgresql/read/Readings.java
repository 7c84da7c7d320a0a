package dev.channels.backend.postgresql.read;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.tables.EventRow;
import dev.channels.backend.postgresql.tables.TableEpoch;
import dev.channels.backend.postgresql.tables.Tables;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Reads channels on from where they stand, and pushes their events into the sink. Used by one
 * thread.
 */
final class Readings {

    private final Tables tables;
    private final ReaderQueries queries;
    private final Map<String, ReadPosition> positions;
    private final WakeUp wakeUp;
    private final BackendSink sink;
    private final CountDownLatch stopping;

    private final Suspects suspects = new Suspects();

    /** What is being read, or was when that failed. */
    private List<ReadPosition> reading = List.of();

    /** How many readings there were. */
    private long readings;

    /**
     * Makes it.
     *
     * @param tables where the events are
     * @param queries what asks for them
     * @param positions the channels that are followed
     * @param wakeUp is told which channels have more than was read
     * @param sink takes the events
     * @param stopping open when nothing more is to be pushed
     */
    Readings(
            Tables tables,
            ReaderQueries queries,
            Map<String, ReadPosition> positions,
            WakeUp wakeUp,
            BackendSink sink,
            CountDownLatch stopping) {
        this.tables = tables;
        this.queries = queries;
        this.positions = positions;
        this.wakeUp = wakeUp;
        this.sink = sink;
        this.stopping = stopping;
    }

    /**
     * Says that something failed, and it was neither the database nor the network.
     *
     * @param why what was thrown
     * @return whether a reading failed: it is another one next time
     */
    boolean failed(Throwable why) {
        List<ReadPosition> failed = reading;
        reading = List.of();
        suspects.keepOnly(position -> positions.get(position.channel()) == position);
        if (suspects.isAlone(failed)) {
            giveUpOneEvent(failed.get(0), why);
        } else {
            suspects.failed(failed);
        }
        return !failed.isEmpty();
    }

    private void giveUpOneEvent(ReadPosition position, Throwable why) {
        Log.detail(
                ErrorCode.GAP,
                () ->
                        "the event after "
                                + position.offset()
                                + " of '"
                                + ChannelNames.printable(position.channel())
                                + "' could not be read, alone either",
                why);
        gap(position);
        position.seen(position.offset() + 1);
    }

    /**
     * Reads channels on, each up to a limit and all together up to another; those that have more
     * come again with the next step, so that a busy channel holds up no subscription. The one that
     * was given events longest ago comes first, so that it holds up no other channel either.
     */
    void read(SupervisedConnection database, Connection connection, List<ReadPosition> channels)
            throws SQLException {
        List<ReadPosition> fair = new ArrayList<>(channels);
        fair.sort(ReadPosition.LONGEST_AGO_FIRST);
        for (List<ReadPosition> some : suspects.parts(fair)) {
            if (stopping.getCount() > 0) {
                List<ReadPosition> unfinished = readOnce(database, connection, some);
                if (!unfinished.isEmpty()) {
                    wakeUp.wake(unfinished.stream().map(ReadPosition::channel).toList());
                }
            }
        }
    }

    /** Returns those of the channels that have more. */
    private List<ReadPosition> readOnce(
            SupervisedConnection database, Connection connection, List<ReadPosition> some)
            throws SQLException {
        readings++;
        List<ReadPosition> unfinished = new ArrayList<>();
        Map<String, ReadPosition> unseen = new ConcurrentHashMap<>();
        some.forEach(position -> unseen.put(position.channel(), position));
        List<ReaderQueries.Channel> channels = events(database, connection, some);
        for (ReaderQueries.Channel channel : channels) {
            ReadPosition position = unseen.remove(channel.channel());
            if (position != null && !push(connection, position, channel)) {
                unfinished.add(position);
            }
        }
        for (ReadPosition position : unseen.values()) {
            if (!position.isUnborn()) {
                position.unborn();
                gap(position);
            }
        }
        some.stream().filter(it -> !unfinished.contains(it)).forEach(suspects::isReadUp);
        return unfinished;
    }

    private List<ReaderQueries.Channel> events(
            SupervisedConnection database, Connection connection, List<ReadPosition> some)
            throws SQLException {
        boolean alone = suspects.isAlone(some);
        if (alone && some.get(0).isUnborn()) {
            beginAtTheFirst(connection, some.get(0)); // an event is given up by its offset
        }
        reading = some;
        try {
            List<ReaderQueries.Channel> channels =
                    database.moving(
                            ReaderQueries.MOST_BYTES,
                            () -> queries.events(connection, some, alone));
            reading = List.of();
            return channels;
        } catch (SQLException e) {
            reading = List.of();
            throw e;
        }
    }

    private void beginAtTheFirst(Connection connection, ReadPosition position) throws SQLException {
        for (ReaderQueries.Channel row : queries.rows(connection, Set.of(position.channel()))) {
            position.begin(row.epoch(), row.rowId(), 0);
        }
    }

    /** Pushes what was read of a channel into the sink; returns whether that was all. */
    private boolean push(
            Connection connection, ReadPosition position, ReaderQueries.Channel channel)
            throws SQLException {
        if (channel.epoch().isEmpty()) {
            tables.epoch().verify(connection); // somebody emptied the tables
            return false;
        }
        switch (position.align(
                channel.epoch(), channel.rowId(), channel.base(), channel.lastOffset())) {
            case CONTINUES -> {}
            case GAP -> {
                gap(position);
                return false; // the events were read from the offset of before
            }
            case BEHIND -> {
                tables.epoch().renew(connection, channel.epoch());
                return false;
            }
        }
        String channelEpoch = TableEpoch.epochOf(channel.epoch(), channel.rowId());
        for (ReaderQueries.Event event : channel.events()) {
            if (event.offset() > position.offset() + 1) {
                gap(position);
            }
            deliver(
                    position,
                    EventRow.event(
                            position.channel(),
                            new Position(channelEpoch, event.offset()),
                            event.payload(),
                            event.headers()));
            position.seen(event.offset());
            position.givenIn(readings);
        }
        if (channel.complete() && position.offset() < channel.lastOffset()) {
            gap(position);
            position.seen(channel.lastOffset());
        }
        return position.offset() >= channel.lastOffset();
    }

    private void deliver(ReadPosition position, ChannelEvent event) {
        if (isFollowed(position)) {
            sink.deliver(event);
        }
    }

    private void gap(ReadPosition position) {
        if (isFollowed(position)) {
            sink.gap(position.channel());
        }
    }

    private boolean isFollowed(ReadPosition position) {
        return stopping.getCount() > 0 && positions.get(position.channel()) == position;
    }
}
