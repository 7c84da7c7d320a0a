package dev.channels.client;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.Start;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.PushContent;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.protocol.UnsubscribeCode;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the commands of one connection, one after another. What it sends goes through the
 * stream, in one order with the events.
 *
 * <pre>
 *   NEW ──connect──▶ CONNECTING ──let in──▶ CONNECTED
 *    │                   └────── refused ──▶ REFUSED ──▶ (nothing is read any more)
 *    └── anything else, and a fault in any state ──▶ OVER
 * </pre>
 *
 * <p>Everything happens in {@link Turns}, so that no state needs a lock. Commands that come while
 * it is being decided whether the client is let in wait for it: one SDK sends them with connect.
 */
final class ClientSession {

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        REFUSED,
        OVER
    }

    /** How many commands beside subscriptions may wait, for connect or for their replies. */
    static final int MAX_UNANSWERED = 100;

    /** The reply to a subscribe that an unsubscribe has overtaken. */
    private static final ProtocolError UNSUBSCRIBED = ProtocolError.INTERNAL;

    private final String id;
    private final Codec codec;
    private final ClientSettings settings;
    private final ClientRules rules;
    private final ClientStream stream;
    private final Liveness liveness;
    private final CommandRate rate;
    private final Turns turns = new Turns();

    // All of these are used in turns only.
    private State state = State.NEW;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Map<String, Long> channels = new HashMap<>();
    private int unanswered;
    private final Expiries expiries = new Expiries();

    /** The channels, for whoever asks; replaced with each change. */
    private volatile Set<String> shownChannels = Set.of();

    private volatile boolean connected;

    /** Why the session has ended the connection, or null if it has not. */
    private volatile @Nullable DisconnectCode ending;

    /**
     * Begins with a client that has not said a word.
     *
     * @param id names the connection
     * @param codec its encoding
     */
    ClientSession(
            String id,
            Codec codec,
            ClientSettings settings,
            ClientRules rules,
            ClientStream stream,
            Liveness liveness) {
        this.id = id;
        this.codec = codec;
        this.settings = settings;
        this.rules = rules;
        this.stream = stream;
        this.liveness = liveness;
        this.rate =
                new CommandRate(
                        settings.maxCommandsPerSecond(), settings.maxChannels(), System.nanoTime());
    }

    // ---- From the connection

    /** The client sent a frame. */
    void received(Encoded frame) {
        turns.execute(() -> carryOut(codec.decode(frame)));
    }

    /** The connection is closed, or about to be. */
    void over() {
        turns.execute(this::end);
    }

    /** The stream has lost a channel, and the client was told. */
    void lost(String channel) {
        turns.execute(() -> forget(channel));
    }

    private void carryOut(Decoded frame) {
        for (Command command : frame.commands()) {
            whenDecided(() -> carryOut(command));
        }
        if (frame.fault() != null) {
            whenDecided(
                    () -> {
                        Log.detail(
                                ErrorCode.STATE,
                                () -> "A client breaks the protocol: " + frame.fault(),
                                null);
                        disconnect(DisconnectCode.BAD_REQUEST);
                    });
        }
    }

    /** Runs a task at once, or after the decision whether the client is let in. */
    private void whenDecided(Runnable task) {
        if (state != State.CONNECTING) {
            task.run();
        } else if (waiting.size() < MAX_UNANSWERED + settings.maxChannels()) {
            waiting.add(task);
        } else {
            disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    private void carryOut(Command command) {
        switch (state) {
            case NEW -> first(command);
            case CONNECTED -> judged(command);
            default -> {
                // Nobody reads on after a refusal or a fault.
            }
        }
    }

    // ---- Connecting

    private void first(Command command) {
        if (!(command.request() instanceof Request.Connect connect)) {
            disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        state = State.CONNECTING;
        decided(rules.connect(connect), verdict -> answerConnect(command.id(), verdict));
    }

    private void answerConnect(long command, ClientRules.Verdict verdict) {
        if (state != State.CONNECTING) {
            return;
        }
        ProtocolError error = verdict.error();
        if (error == null) {
            state = State.CONNECTED;
            connected = true;
            expiries.set(Expiries.CONNECTION, verdict.seconds(), System.nanoTime());
            // Clients that came at once are not to be pinged at once for ever.
            liveness.connected((1 + Math.random()) / 2, System.nanoTime());
            reply(
                    command,
                    new Result.Connect(
                            id,
                            "",
                            verdict.seconds(),
                            Payload.NONE,
                            Map.of(),
                            (int) settings.pingInterval().toSeconds(),
                            true,
                            "",
                            ""));
        } else {
            state = State.REFUSED;
            fail(command, error);
        }
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }

    // ---- Commands

    private void judged(Command command) {
        boolean answered = command.id() > 0;
        switch (rate.next(System.nanoTime())) {
            case TAKEN -> carryOut(command.id(), command.request());
            case REFUSED -> {
                if (answered) {
                    fail(command.id(), ProtocolError.TOO_MANY_REQUESTS);
                }
            }
            case FLOOD -> disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    private void carryOut(long command, Request request) {
        if (request instanceof Request.Subscribe subscribe) {
            subscribe(command, subscribe);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            unsubscribe(command, unsubscribe);
        } else if (request instanceof Request.Publish publish) {
            publish(command, publish);
        } else if (request instanceof Request.Rpc rpc) {
            call(command, rpc);
        } else if (request instanceof Request.Send send) {
            sent(send);
        } else if (request instanceof Request.Refresh refresh) {
            refresh(command, refresh);
        } else if (request instanceof Request.SubRefresh refresh) {
            refresh(command, refresh);
        } else if (request instanceof Request.Pong) {
            liveness.pong();
        } else if (request instanceof Request.Connect) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else {
            fail(command, ProtocolError.NOT_AVAILABLE);
        }
    }

    private void subscribe(long command, Request.Subscribe request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else if (!ChannelNames.isValid(channel)) {
            fail(command, ProtocolError.BAD_REQUEST);
        } else if (channels.containsKey(channel)) {
            fail(command, ProtocolError.ALREADY_SUBSCRIBED);
        } else if (channels.size() >= settings.maxChannels()) {
            fail(command, ProtocolError.LIMIT_EXCEEDED);
        } else {
            follow(channel, command);
            decided(
                    rules.subscribe(channel, request.token(), request.data()),
                    verdict -> join(command, request, verdict));
        }
    }

    private void join(long command, Request.Subscribe request, ClientRules.Verdict verdict) {
        String channel = request.channel();
        if (!Long.valueOf(command).equals(channels.get(channel))) {
            // The client has thought better of it meanwhile.
            fail(command, UNSUBSCRIBED);
            return;
        }
        ProtocolError error = verdict.error();
        if (error != null) {
            forget(channel);
            fail(command, error);
            return;
        }
        expiries.set(channel, verdict.seconds(), System.nanoTime());
        boolean positions = rules.positions(channel);
        boolean anyEpoch = request.recover() && request.position().epoch().isEmpty();
        stream.put(
                new Instruction.Await(
                        channel, command, request, positions, verdict.seconds(), anyEpoch));
        try {
            stream.join(start(request, positions), channel);
        } catch (ChannelsException e) {
            leave(channel, OutgoingStream.errorOf(e), null);
        }
    }

    /**
     * Where the client wants to begin. One that names an offset without an epoch is given all there
     * is, of which it is sent what it has not had.
     */
    private static Start start(Request.Subscribe request, boolean positions) {
        if (!request.recover() || !positions) {
            return Start.now();
        }
        String epoch = request.position().epoch();
        return epoch.isEmpty()
                ? Start.last(-1)
                : Start.after(new Position(epoch, request.position().offset()));
    }

    private void unsubscribe(long command, Request.Unsubscribe request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        leave(channel, UNSUBSCRIBED, new ServerMessage.Reply(command, new Result.Unsubscribe()));
    }

    private void leave(String channel, ProtocolError error, @Nullable ServerMessage last) {
        forget(channel);
        Encoded encoded = last == null ? null : codec.encode(last);
        stream.put(new Instruction.Forget(channel, error, encoded));
    }

    // ---- Proving anew

    private void refresh(long command, Request.Refresh request) {
        if (request.token().isEmpty() || !expiries.has(Expiries.CONNECTION)) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else if (begin(command)) {
            decided(
                    rules.refresh(request),
                    verdict -> {
                        unanswered--;
                        ProtocolError error = verdict.error();
                        if (error == null) {
                            expiries.set(Expiries.CONNECTION, verdict.seconds(), System.nanoTime());
                            reply(command, new Result.Refresh(id, "", verdict.seconds()));
                        } else if (error.temporary()) {
                            fail(command, error);
                        } else {
                            disconnect(
                                    error.equals(ProtocolError.TOKEN_EXPIRED)
                                            ? DisconnectCode.EXPIRED
                                            : DisconnectCode.INVALID_TOKEN);
                        }
                    });
        }
    }

    private void refresh(long command, Request.SubRefresh request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else if (request.token().isEmpty()) {
            fail(command, ProtocolError.BAD_REQUEST);
        } else if (!channels.containsKey(channel)) {
            fail(command, ProtocolError.PERMISSION_DENIED);
        } else if (begin(command)) {
            decided(
                    rules.subscribe(channel, request.token(), Payload.NONE),
                    verdict -> {
                        unanswered--;
                        ProtocolError error = verdict.error();
                        if (error != null) {
                            fail(command, error);
                            return;
                        }
                        if (channels.containsKey(channel)) {
                            expiries.set(channel, verdict.seconds(), System.nanoTime());
                        }
                        reply(command, new Result.SubRefresh(verdict.seconds()));
                    });
        }
    }

    /** Ends what the client was allowed for a time that is over. */
    void expire(long now) {
        if (!expiries.any()) {
            return;
        }
        turns.execute(
                () -> {
                    for (String name : expiries.over(now)) {
                        if (name.equals(Expiries.CONNECTION)) {
                            disconnect(DisconnectCode.EXPIRED);
                            return;
                        }
                        PushContent content = new PushContent.Unsubscribed(UnsubscribeCode.EXPIRED);
                        leave(name, ProtocolError.EXPIRED, new ServerMessage.Push(name, content));
                    }
                });
    }

    private void publish(long command, Request.Publish request) {
        if (request.channel().isEmpty() || request.data().isEmpty()) {
            disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        if (!ChannelNames.isValid(request.channel())) {
            fail(command, ProtocolError.BAD_REQUEST);
            return;
        }
        if (!begin(command)) {
            return;
        }
        decided(
                rules.publish(request),
                verdict -> {
                    ProtocolError error = verdict.error();
                    if (error != null) {
                        unanswered--;
                        fail(command, error);
                        return;
                    }
                    answer(command, rules.published(request), done -> new Result.Publish());
                });
    }

    private void call(long command, Request.Rpc request) {
        if (!rules.takesCalls()) {
            fail(command, ProtocolError.NOT_AVAILABLE);
        } else if (begin(command)) {
            answer(command, rules.call(request), Result.Rpc::new);
        }
    }

    private void sent(Request.Send request) {
        if (!rules.takesCalls()) {
            disconnect(DisconnectCode.NOT_AVAILABLE);
        } else if (unanswered >= MAX_UNANSWERED) {
            // It cannot be refused, and must not be lost silently.
            disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        } else {
            unanswered++;
            afterwards(rules.sent(request), (taken, failure) -> unanswered--);
        }
    }

    /** Counts a command whose reply comes later; refuses it where there are too many. */
    private boolean begin(long command) {
        if (unanswered >= MAX_UNANSWERED) {
            fail(command, ProtocolError.TOO_MANY_REQUESTS);
            return false;
        }
        unanswered++;
        return true;
    }

    private interface Answer<T extends @Nullable Object> {
        Result of(T outcome);
    }

    private <T extends @Nullable Object> void answer(
            long command, CompletionStage<T> outcome, Answer<T> answer) {
        afterwards(
                outcome,
                (value, failure) -> {
                    unanswered--;
                    if (failure == null) {
                        reply(command, answer.of(value));
                    } else {
                        fail(command, errorOf(failure));
                    }
                });
    }

    private void decided(
            CompletionStage<ClientRules.Verdict> decision, Consumer<ClientRules.Verdict> then) {
        afterwards(
                decision,
                (verdict, failure) ->
                        then.accept(
                                failure == null
                                        ? verdict
                                        : ClientRules.Verdict.no(errorOf(failure))));
    }

    /** Goes on at once where the outcome is known, so that replies keep the order of commands. */
    private <T extends @Nullable Object> void afterwards(
            CompletionStage<T> outcome, BiConsumer<T, @Nullable Throwable> then) {
        CompletableFuture<T> known = outcome.toCompletableFuture();
        if (known.isDone()) {
            T value = null;
            Throwable failure = null;
            try {
                value = known.join();
            } catch (CompletionException | CancellationException e) {
                failure = e;
            }
            then.accept(value, failure);
        } else {
            outcome.whenComplete(
                    (value, failure) -> turns.execute(() -> then.accept(value, failure)));
        }
    }

    private static ProtocolError errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof ErrorForClient known) {
            return known.error();
        }
        return cause instanceof ChannelsException known
                ? OutgoingStream.errorOf(known)
                : ProtocolError.INTERNAL;
    }

    // ---- What the application wants

    /**
     * Subscribes the client; does nothing where it is subscribed.
     *
     * @param channel a valid name
     */
    void subscribeByServer(String channel) {
        turns.execute(
                () -> {
                    if (state != State.CONNECTED || channels.containsKey(channel)) {
                        return;
                    }
                    if (channels.size() >= settings.maxChannels()) {
                        disconnect(DisconnectCode.CHANNEL_LIMIT);
                        return;
                    }
                    follow(channel, 0);
                    boolean positions = rules.positions(channel);
                    stream.put(new Instruction.Await(channel, 0, null, positions, 0, false));
                    try {
                        stream.join(Start.now(), channel);
                    } catch (ChannelsException e) {
                        Log.warn(e.errorCode(), this + " could not be subscribed", e);
                        unsubscribeNow(channel);
                    }
                });
    }

    /** Unsubscribes the client for good; does nothing where it is not subscribed. */
    void unsubscribeByServer(String channel) {
        turns.execute(
                () -> {
                    if (channels.containsKey(channel)) {
                        unsubscribeNow(channel);
                    }
                });
    }

    private void unsubscribeNow(String channel) {
        PushContent content = new PushContent.Unsubscribed(UnsubscribeCode.SERVER);
        leave(channel, UNSUBSCRIBED, new ServerMessage.Push(channel, content));
    }

    /** Sends something to the client that belongs to no channel. */
    void message(Payload data) {
        turns.execute(
                () -> {
                    if (state == State.CONNECTED) {
                        send(new ServerMessage.Push("", new PushContent.Message(data)));
                    }
                });
    }

    /** Closes the connection, once everything before has been sent. */
    void disconnectByServer(DisconnectCode code) {
        turns.execute(() -> disconnect(code));
    }

    /** Returns the name of the connection. */
    String id() {
        return id;
    }

    /** Tells whether the client was let in. */
    boolean isConnected() {
        return connected;
    }

    /**
     * Returns why the session has ended the connection, which may still be sent what was there
     * before.
     *
     * @return the reason, or null if the session has not
     */
    @Nullable DisconnectCode ending() {
        return ending;
    }

    /** Returns who it is. */
    String user() {
        return rules.user();
    }

    /** Returns the channels that it is subscribed to, or about to be. */
    Set<String> channels() {
        return shownChannels;
    }

    // ---- Effects

    private void follow(String channel, long command) {
        channels.put(channel, command);
        shownChannels = Set.copyOf(channels.keySet());
    }

    private void forget(String channel) {
        expiries.remove(channel);
        if (channels.remove(channel) != null) {
            shownChannels = Set.copyOf(channels.keySet());
            stream.leave(channel);
        }
    }

    private void reply(long command, Result result) {
        send(new ServerMessage.Reply(command, result));
    }

    private void fail(long command, ProtocolError error) {
        send(new ServerMessage.Failure(command, error));
    }

    private void send(ServerMessage message) {
        if (state != State.OVER) {
            stream.put(new Instruction.Send(codec.encode(message)));
        }
    }

    private void disconnect(DisconnectCode code) {
        if (state != State.OVER) {
            ending = code;
            Set<String> left = shownChannels;
            end();
            // Or a client that reads slowly would be sent events for as long as there are any.
            left.forEach(stream::leave);
            stream.put(new Instruction.Disconnect(code));
        }
    }

    private void end() {
        state = State.OVER;
        connected = false;
        waiting.clear();
        channels.clear();
        shownChannels = Set.of();
    }

    /** Returns a word for messages. */
    @Override
    public String toString() {
        return "client " + id;
    }
}
