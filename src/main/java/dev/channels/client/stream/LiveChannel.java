package dev.channels.client.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.client.protocol.Encoded;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose client has its reply, and is told of events. Many connections share one: what a
 * connection keeps for each of its channels, ten thousand connections keep ten thousand times.
 *
 * @param forms in which its events leave
 * @param isServerSide whether the application subscribed the client
 * @param known up to which offset the client has had everything; {@link #NOTHING} if that is not
 *     known
 */
record LiveChannel(EventForms forms, boolean isServerSide, long known)
        implements SubscribedChannel {

    private static final long NOTHING = Long.MIN_VALUE;

    /** One for each form and each side: some eight. */
    private static final Map<LiveChannel, LiveChannel> SHARED = new ConcurrentHashMap<>();

    /** Returns the one of which all events are sent. */
    static LiveChannel ofAll(EventForms forms, boolean isServerSide) {
        return SHARED.computeIfAbsent(
                new LiveChannel(forms, isServerSide, NOTHING), first -> first);
    }

    @Override
    public long unanswered() {
        return 0;
    }

    /**
     * Encodes an event; null if the client has had it.
     *
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if the encoding cannot carry it
     */
    @Nullable Encoded push(ChannelEvent event) {
        return event.position().offset() <= known ? null : forms.push(event);
    }
}
