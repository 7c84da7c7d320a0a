package dev.channels.client.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.PresenceChange;
import dev.channels.Refused;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.UnsubscribeCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Translates the stream of one connection into messages: events, and what happens to channels, and
 * what the session puts between them. Everything that a client is sent goes through here, in one
 * order.
 */
public final class OutgoingStream implements EventSender {

    /** What is told of what happens in the stream. */
    public interface Session {

        /** A subscription is in force, and the client has been told. */
        void begun(Instruction.Await wish);

        /** The client is no more subscribed, through no act of the session. */
        void lost(String channel);

        /** A client came to a channel, or went; called on any thread. */
        void changed(PresenceChange change);
    }

    /** Twice what fills a frame: one is in flight while the next one fills. */
    private static final int WINDOW = 2 * FrameBatch.MAX_MESSAGES;

    private static final long WINDOW_SIZE = 2L * FrameBatch.MAX_SIZE;

    private final EventForms forms;
    private final FrameBatch batch;
    private final boolean mayBlock;
    private final Consumer<Runnable> later;
    private final Session session;
    private final IntConsumer taken;
    private final Map<String, SubscribedChannel> channels = new HashMap<>();

    /**
     * Makes the translator of a new connection.
     *
     * @param forms those of its encoding
     * @param batch where its messages go
     * @param mayBlock see {@link EventSender#mayBlock()}
     * @param later runs a flush, at once or after the write delay
     * @param session told what happens in the stream
     * @param taken told of the size of each note that has come through
     */
    public OutgoingStream(
            EventForms forms,
            FrameBatch batch,
            boolean mayBlock,
            Consumer<Runnable> later,
            Session session,
            IntConsumer taken) {
        this.forms = forms;
        this.batch = batch;
        this.mayBlock = mayBlock;
        this.later = later;
        this.session = session;
        this.taken = taken;
    }

    @Override
    public int maxInFlight() {
        return WINDOW;
    }

    @Override
    public long maxInFlightBytes() {
        return WINDOW_SIZE;
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    @Override
    public void presenceChanged(PresenceChange change) {
        session.changed(change);
    }

    @Override
    public void send(Delivery delivery, Completion done) {
        if (delivery instanceof ChannelEvent event) {
            event(event, done);
        } else if (delivery instanceof Note note && note.content() instanceof Instruction order) {
            taken.accept(note.size());
            if (order instanceof Instruction.Send send) {
                batch.add(send.message(), done);
                return;
            }
            if (order instanceof Instruction.Tell tell && isLive(tell.channel())) {
                batch.add(tell.message(), done);
                return;
            }
            carryOut(order);
            done.sent();
        } else {
            happened(delivery);
            done.sent();
        }
    }

    // ---- Events

    private void event(ChannelEvent event, Completion done) {
        SubscribedChannel channel = channels.get(event.channel());
        try {
            if (channel instanceof LiveChannel live) {
                Encoded push = live.push(event);
                if (push != null) {
                    batch.add(push, done);
                    return;
                }
            } else if (channel instanceof AwaitedChannel awaited && awaited.isCollecting()) {
                collect(awaited, event);
            }
            // Else the client has left, or left and come back; the event was for before.
            done.sent();
        } catch (ChannelsException e) {
            done.skipped(e);
        }
    }

    private void collect(AwaitedChannel channel, ChannelEvent event) {
        try {
            channel.missed(event);
        } finally {
            begun(channel, channel.collected());
        }
    }

    private boolean isLive(String name) {
        return channels.get(name) instanceof LiveChannel;
    }

    /** Answers the wish to be subscribed, and says so. */
    private void begun(AwaitedChannel channel, @Nullable ServerMessage answer) {
        add(answer);
        LiveChannel live = channel.live();
        if (live != null) {
            channels.put(channel.wish().channel(), live);
            session.begun(channel.wish());
        }
    }

    private void add(@Nullable ServerMessage message) {
        if (message != null) {
            batch.add(codec().encode(message));
        }
    }

    private Codec codec() {
        return forms.codec();
    }

    // ---- What the session wants

    private void carryOut(Instruction order) {
        if (order instanceof Instruction.Await wish) {
            channels.put(wish.channel(), new AwaitedChannel(wish, forms));
        } else if (order instanceof Instruction.Forget forget) {
            forget(forget);
        } else if (order instanceof Instruction.Disconnect disconnect) {
            endAfterAll(disconnect.code());
        }
    }

    /** Sends what was there before the end, and no event that comes now. */
    private void endAfterAll(DisconnectCode code) {
        channels.clear();
        batch.endAfterAll(code);
    }

    private void forget(Instruction.Forget forget) {
        SubscribedChannel channel = channels.remove(forget.channel());
        if (channel != null && channel.unanswered() > 0) {
            add(new ServerMessage.Failure(channel.unanswered(), forget.error()));
        }
        Encoded last = forget.last();
        if (last != null) {
            batch.add(last);
        }
    }

    // ---- What happens to channels

    private void happened(Delivery delivery) {
        if (delivery instanceof Joined joined) {
            joined(joined);
        } else if (delivery instanceof Gap gap) {
            gap(gap.channel());
        } else if (delivery instanceof Refused refused) {
            refused(refused);
        }
    }

    private void joined(Joined joined) {
        if (!(channels.get(joined.channel()) instanceof AwaitedChannel channel)
                || channel.isCollecting()) {
            return;
        }
        ServerMessage answer = channel.joined(joined);
        begun(channel, answer);
        if (answer instanceof ServerMessage.Failure) {
            lose(joined.channel());
        }
    }

    /** The client is to come back, from where it stands. */
    private void gap(String name) {
        SubscribedChannel channel = channels.get(name);
        AwaitedChannel awaited = channel instanceof AwaitedChannel waits ? waits : null;
        if (channel == null || (awaited != null && !awaited.isCollecting())) {
            return;
        }
        if (channel.isServerSide()) {
            endAfterAll(DisconnectCode.INSUFFICIENT_STATE);
            return;
        }
        if (awaited != null) {
            add(awaited.begin());
        }
        add(
                new ServerMessage.Push(
                        name, new PushContent.Unsubscribed(UnsubscribeCode.INSUFFICIENT_STATE)));
        lose(name);
    }

    private void refused(Refused refused) {
        SubscribedChannel channel = channels.get(refused.channel());
        if (channel == null) {
            return;
        }
        long id = channel.unanswered();
        if (id > 0) {
            add(new ServerMessage.Failure(id, errorOf(refused.reason())));
        } else {
            add(
                    new ServerMessage.Push(
                            refused.channel(),
                            new PushContent.Unsubscribed(UnsubscribeCode.INSUFFICIENT_STATE)));
        }
        lose(refused.channel());
    }

    /** Returns what a client is told of a failure on this side. */
    public static ProtocolError errorOf(ChannelsException failure) {
        return switch (failure.errorCode()) {
            case UNDECLARED_CHANNEL -> ProtocolError.UNKNOWN_CHANNEL;
            case INVALID_CHANNEL_NAME -> ProtocolError.BAD_REQUEST;
            case PRESENCE_NOT_KEPT -> ProtocolError.NOT_AVAILABLE;
            case LIMIT_REACHED -> ProtocolError.LIMIT_EXCEEDED;
            default -> ProtocolError.INTERNAL;
        };
    }

    private void lose(String channel) {
        channels.remove(channel);
        session.lost(channel);
    }

    // ---- The end

    @Override
    public void flush() {
        if (batch.isFull()) {
            batch.flush();
        } else {
            later.accept(batch::flush);
        }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure == null) {
            // The connection is being closed already, or the application stops.
            batch.endAfterAll(DisconnectCode.SHUTDOWN);
        } else {
            batch.endNow(endingFor(failure));
        }
    }

    private static DisconnectCode endingFor(Throwable failure) {
        if (failure instanceof IOException) {
            return DisconnectCode.WRITE_ERROR;
        }
        ErrorCode code = failure instanceof ChannelsException e ? e.errorCode() : null;
        if (code == ErrorCode.NOT_RUNNING) {
            return DisconnectCode.SHUTDOWN;
        }
        return code == ErrorCode.EVENTS_DROPPED ? DisconnectCode.SLOW : DisconnectCode.INTERNAL;
    }
}
