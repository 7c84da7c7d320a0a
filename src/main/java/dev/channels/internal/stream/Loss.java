package dev.channels.internal.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.ChannelNames;
import java.util.List;
import java.util.function.Consumer;

/**
 * Events that a mailbox has dropped for want of room, to be told of once its lock is free.
 *
 * @param events in the order of the stream
 * @param newest the one that there was no room for, dropped or not
 * @param limits of the mailbox
 * @param hook takes each event
 */
record Loss(
        List<ChannelEvent> events,
        ChannelEvent newest,
        Limits limits,
        Consumer<? super ChannelEvent> hook) {

    /** Tells whether the stream is over by it. */
    boolean endsStream() {
        return limits.endWhenFull();
    }

    /** Returns what the stream ends with. */
    ChannelsException exception() {
        return new ChannelsException(ErrorCode.EVENTS_DROPPED, sentence("The backlog"));
    }

    /** Returns a line for the log. */
    String describe(String consumer) {
        return sentence("The backlog of " + consumer)
                + " What is dropped from now on, here and elsewhere, is counted and told later.";
    }

    private String sentence(String backlog) {
        return backlog
                + " is full at "
                + limits.describe()
                + ", with the event at "
                + newest.position()
                + " of channel '"
                + ChannelNames.printable(newest.channel())
                + "'; the strategy is "
                + limits.strategy()
                + ".";
    }

    /** Calls the hook with each event, though it throws; the last failure is thrown in the end. */
    void tellHook() {
        RuntimeException failure = null;
        for (ChannelEvent event : events) {
            try {
                hook.accept(event);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
