package dev.channels.client.session;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.StreamPosition;
import dev.channels.client.protocol.UnsubscribeCode;
import dev.channels.client.rules.ClientRules;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.Instruction;
import dev.channels.client.stream.OutgoingStream;
import dev.channels.spi.ChannelNames;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes a client to channels, and ends that: by its commands, by the application's wish, and
 * when what it was allowed is over. Used by one task at a time.
 */
final class SubscribeCommands {

    /** The reply to a subscribe that an unsubscribe has overtaken. */
    private static final ProtocolError UNSUBSCRIBED = ProtocolError.INTERNAL;

    private final String client;
    private final int maxChannels;
    private final ClientRules rules;
    private final ClientStream stream;
    private final SessionChannels channels;
    private final Expiries expiries;
    private final CommandSteps steps;
    private final SessionEffects effects;
    private final FaultLog faults;
    private final EarlierPositions earlier;

    /**
     * Begins with none.
     *
     * @param client what messages call it
     * @param earlier where it was before it came back
     */
    SubscribeCommands(
            String client,
            int maxChannels,
            ClientRules rules,
            ClientStream stream,
            SessionChannels channels,
            Expiries expiries,
            CommandSteps steps,
            SessionEffects effects,
            FaultLog faults,
            EarlierPositions earlier) {
        this.client = client;
        this.maxChannels = maxChannels;
        this.rules = rules;
        this.stream = stream;
        this.channels = channels;
        this.expiries = expiries;
        this.steps = steps;
        this.effects = effects;
        this.faults = faults;
        this.earlier = earlier;
    }

    // ---- The client

    void subscribe(long command, Request.Subscribe request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
        } else if (!ChannelNames.isValid(channel)) {
            effects.fail(command, ProtocolError.BAD_REQUEST);
        } else if (channels.contains(channel)) {
            effects.fail(command, ProtocolError.ALREADY_SUBSCRIBED);
        } else if (channels.size() >= maxChannels) {
            effects.fail(command, ProtocolError.LIMIT_EXCEEDED);
        } else {
            begin(command, request);
        }
    }

    private void begin(long command, Request.Subscribe request) {
        int size = request.token().length() + request.data().size();
        if (!steps.unanswered().keep(size)) {
            effects.fail(command, ProtocolError.TOO_MANY_REQUESTS);
            return;
        }
        if (!rules.follow(request.channel())) {
            steps.unanswered().drop(size);
            effects.fail(command, ProtocolError.TOO_MANY_REQUESTS);
            return;
        }
        // Ten thousand clients of a channel keep its name once.
        String channel = request.channel().intern();
        channels.add(channel, command);
        steps.decided(
                command,
                () -> rules.subscribe(channel, request.token(), request.data()),
                verdict -> {
                    steps.unanswered().drop(size);
                    join(command, channel, request, verdict);
                });
    }

    private void join(
            long command, String channel, Request.Subscribe request, ClientRules.Verdict verdict) {
        if (!channels.isWish(channel, command)) {
            // The client has thought better of it meanwhile.
            effects.fail(command, UNSUBSCRIBED);
            return;
        }
        ProtocolError error = verdict.error();
        if (error == null && !rules.permits(channel)) {
            // It was decided for the groups that the client had before it proved itself anew.
            error = ProtocolError.PERMISSION_DENIED;
        }
        if (error != null) {
            forget(channel);
            effects.fail(command, error);
            return;
        }
        if (channels.isPermitted(channel)) {
            // A client that gives two of its wishes one id is told of the first.
            effects.fail(command, ProtocolError.ALREADY_SUBSCRIBED);
            return;
        }
        expiries.set(channel, verdict.seconds(), System.nanoTime());
        channels.permit(channel, request.joinLeave() && rules.tellsPresence(channel));
        boolean positions = rules.positions(channel);
        StreamPosition from = request.recover() ? request.position() : null;
        stream.put(
                new Instruction.Await(
                        channel,
                        command,
                        recover(from, request.wantsErrorUnlessRecovered()),
                        positions,
                        verdict.seconds(),
                        verdict.info()));
        try {
            stream.join(start(from, positions), channel);
        } catch (ChannelsException e) {
            leave(channel, OutgoingStream.errorOf(e), null);
        } catch (RuntimeException | Error e) {
            faults.broken("A client could not be subscribed", e);
            leave(channel, ProtocolError.INTERNAL, null);
        }
    }

    private static Instruction.@Nullable Recover recover(
            @Nullable StreamPosition from, boolean orError) {
        return from == null
                ? null
                : new Instruction.Recover(from.offset(), from.epoch().isEmpty(), orError);
    }

    /**
     * Where the client wants to begin. One that names an offset without an epoch is given all there
     * is, of which it is sent what it has not had.
     */
    private static Start start(@Nullable StreamPosition from, boolean positions) {
        if (from == null || !positions) {
            return Start.now();
        }
        return from.epoch().isEmpty()
                ? Start.last(-1)
                : Start.after(new Position(from.epoch(), from.offset()));
    }

    /** A subscription is in force, and the client has been told. */
    void begun(Instruction.Await wish) {
        String channel = wish.channel();
        if (!channels.isWish(channel, wish.id())) {
            // The client has left the channel meanwhile, or come anew.
            return;
        }
        rules.subscribed(channel);
        PresentClient me = rules.present(channel, wish.info());
        if (me != null) {
            stream.enter(channel, me);
        }
    }

    void unsubscribe(long command, Request.Unsubscribe request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        leave(channel, UNSUBSCRIBED, new ServerMessage.Reply(command, new Result.Unsubscribe()));
    }

    // ---- The application

    /**
     * Subscribes the client, from where it was if it has come back; does nothing where it is
     * subscribed.
     */
    void subscribeByServer(String channel) {
        if (channels.contains(channel)) {
            return;
        }
        if (channels.size() >= maxChannels) {
            effects.disconnect(DisconnectCode.CHANNEL_LIMIT);
            return;
        }
        if (!rules.follow(channel)) {
            warnOfServer(
                    ErrorCode.LIMIT_REACHED,
                    "clients have brought channels.max-channels channels into being",
                    null);
            return;
        }
        channels.add(channel, 0);
        channels.permit(channel, rules.tellsPresence(channel));
        boolean positions = rules.positions(channel);
        StreamPosition from = earlier.take(channel);
        stream.put(new Instruction.Await(channel, 0, recover(from, false), positions, 0, null));
        try {
            stream.join(start(from, positions), channel);
        } catch (ChannelsException e) {
            warnOfServer(e.errorCode(), e.getMessage(), e);
            push(channel, UnsubscribeCode.SERVER, UNSUBSCRIBED);
        } catch (RuntimeException | Error e) {
            faults.broken("A client could not be subscribed by the application", e);
            push(channel, UnsubscribeCode.SERVER, UNSUBSCRIBED);
        }
    }

    private void warnOfServer(ErrorCode code, @Nullable String why, @Nullable Throwable failure) {
        faults.warn(code, client + " could not be subscribed by the application: " + why, failure);
    }

    /** Unsubscribes the client for good; does nothing where it is not subscribed. */
    void unsubscribeByServer(String channel) {
        if (channels.contains(channel)) {
            push(channel, UnsubscribeCode.SERVER, UNSUBSCRIBED);
        }
    }

    // ---- Ends

    /** What the client was allowed in a channel is over. */
    void expire(String channel) {
        push(channel, UnsubscribeCode.EXPIRED, ProtocolError.EXPIRED);
    }

    /** Ends the subscriptions that policies do not permit the client any more, as it is now. */
    void withdraw() {
        for (String channel : channels.names()) {
            boolean byApplication = channels.isWish(channel, 0);
            if (!byApplication && channels.isPermitted(channel) && !rules.permits(channel)) {
                push(channel, UnsubscribeCode.SERVER, UNSUBSCRIBED);
            }
        }
    }

    private void push(String channel, UnsubscribeCode code, ProtocolError error) {
        PushContent content = new PushContent.Unsubscribed(code);
        leave(channel, error, new ServerMessage.Push(channel, content));
    }

    private void leave(String channel, ProtocolError error, @Nullable ServerMessage last) {
        forget(channel);
        Encoded encoded = last == null ? null : effects.encode(last);
        stream.put(new Instruction.Forget(channel, error, encoded));
    }

    /** The client is no more subscribed, and need not be told. */
    void forget(String channel) {
        expiries.remove(channel);
        if (channels.remove(channel)) {
            rules.unfollow(channel);
            stream.leave(channel);
        }
    }
}
