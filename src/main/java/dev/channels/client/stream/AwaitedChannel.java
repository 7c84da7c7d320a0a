package dev.channels.client.stream;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Joined;
import dev.channels.Position;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.Result.Recovery;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel of a connection from the wish to be subscribed until the client has its reply. Used by
 * the thread that sends.
 *
 * <pre>
 *   AWAITED ──joined──▶ COLLECTING ──all, or enough, of what was missed──▶ ANSWERED
 *      │        └──nothing was missed, or it cannot be recovered──────────▶ ANSWERED
 *      └──unrecoverable, where the client wants an error──▶ (forgotten)
 * </pre>
 *
 * <p>Where it is ANSWERED, a {@link LiveChannel} takes its place. The reply is written before, so
 * that no event of the channel precedes it. What was missed stands in it as far as it is small; the
 * rest follows in pushes.
 */
final class AwaitedChannel implements SubscribedChannel {

    private static final int MAX_RECOVERED_SIZE = 64 * 1024;

    private enum Phase {
        AWAITED,
        COLLECTING,
        ANSWERED
    }

    private final Instruction.Await wish;
    private EventForms forms;
    private Phase phase = Phase.AWAITED;

    private @Nullable StreamPosition begin;
    private Recovery recovery = Recovery.NONE;

    /** Those that are to stand in the reply; a list of its own while they are collected. */
    private List<EncodedPublication> recovered = List.of();

    private int recoveredSize;

    /** How many events that were missed are still to come, of those that were there. */
    private int missing;

    /** Up to where the client has had everything, by its own word. */
    private long known;

    AwaitedChannel(Instruction.Await wish, EventForms forms) {
        this.wish = wish;
        this.forms = forms.with(wish.positions());
    }

    @Override
    public boolean isServerSide() {
        return wish.id() == 0;
    }

    @Override
    public long unanswered() {
        return wish.id();
    }

    /** Returns what the session wished. */
    Instruction.Await wish() {
        return wish;
    }

    /** Returns what takes its place as soon as the client has its reply; null before. */
    @Nullable LiveChannel live() {
        if (phase != Phase.ANSWERED) {
            return null;
        }
        return recovery == Recovery.RECOVERED
                ? new LiveChannel(forms, isServerSide(), known)
                : LiveChannel.ofAll(forms, isServerSide());
    }

    /**
     * The channel was joined.
     *
     * @return the reply, if it can be given already; an error where the client is not subscribed
     */
    @Nullable ServerMessage joined(Joined joined) {
        Instruction.Recover recover = wish.recover();
        Position position = joined.position();
        if (position == null || !wish.positions()) {
            forms = forms.with(false);
        } else {
            begin = new StreamPosition(position.offset(), position.epoch());
        }
        if (recover == null) {
            return begin();
        }
        if (position == null || !wish.positions()) {
            return unrecovered(recover);
        }
        known = recover.offset();
        if (!isComplete(joined, recover, position.offset())) {
            return unrecovered(recover);
        }
        recovery = Recovery.RECOVERED;
        begin = new StreamPosition(known, position.epoch());
        missing = joined.replayed();
        if (missing == 0 || isServerSide()) {
            // No answer waits for what was missed where the application subscribes the client.
            return begin();
        }
        phase = Phase.COLLECTING;
        recovered = new ArrayList<>();
        return null;
    }

    /**
     * Without an epoch, all of the history is asked for, so that it has to reach back far enough.
     */
    private boolean isComplete(Joined joined, Instruction.Recover recover, long offset) {
        if (!recover.anyEpoch()) {
            return joined.complete();
        }
        return joined.replayed() == 0 ? offset == known : offset <= known;
    }

    private ServerMessage unrecovered(Instruction.Recover recover) {
        recovery = Recovery.FAILED;
        if (recover.orError()) {
            return new ServerMessage.Failure(wish.id(), ProtocolError.UNRECOVERABLE_POSITION);
        }
        return begin();
    }

    /** Writes the reply with what is there, and lets events follow. */
    ServerMessage begin() {
        phase = Phase.ANSWERED;
        if (isServerSide()) {
            return new ServerMessage.Push(
                    wish.channel(), new PushContent.Subscribed(begin, Payload.NONE));
        }
        List<EncodedPublication> missed = List.copyOf(recovered);
        recovered = List.of();
        return new ServerMessage.Reply(
                wish.id(),
                new Result.Subscribe(wish.seconds(), begin, recovery, missed, Payload.NONE));
    }

    /** Tells whether the next event is still to stand in the reply. */
    boolean isCollecting() {
        return phase == Phase.COLLECTING;
    }

    /**
     * Takes an event that was missed.
     *
     * @throws ChannelsException {@link ErrorCode#NOT_TEXT} if the encoding cannot carry it; it is
     *     left out of the reply then
     */
    void missed(ChannelEvent event) {
        missing--;
        if (event.position().offset() > known) {
            EncodedPublication publication = forms.publication(event);
            recovered.add(publication);
            recoveredSize += publication.size();
        }
    }

    /** Returns the reply, if what was missed is in it, or as much as fits; null before. */
    @Nullable ServerMessage collected() {
        boolean enough =
                missing == 0
                        || recovered.size() >= Instruction.MAX_RECOVERED
                        || recoveredSize >= MAX_RECOVERED_SIZE;
        return enough ? begin() : null;
    }
}
