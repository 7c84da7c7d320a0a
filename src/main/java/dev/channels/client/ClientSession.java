package dev.channels.client;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import dev.channels.PresentClient;
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
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    /** What a task keeps beside its data. */
    private static final int TASK_SIZE = 100;

    /** The reply to a subscribe that an unsubscribe has overtaken. */
    private static final ProtocolError UNSUBSCRIBED = ProtocolError.INTERNAL;

    private final String id;
    private final Codec codec;
    private final ClientSettings settings;
    private final ClientRules rules;
    private final ClientStream stream;
    private final Liveness liveness;
    private final FaultLog faults;
    private final CommandRate rate;
    private final Turns turns;

    // All of these are used in turns only.
    private State state = State.NEW;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long waitingSize;
    private final Map<String, Long> channels = new HashMap<>();
    private final Unanswered unanswered = new Unanswered();
    private final Set<String> permitted = new HashSet<>();
    private final Expiries expiries = new Expiries();

    /** Completes when it has been decided about the publish that came last. */
    private CompletableFuture<Boolean> lastPublish = CompletableFuture.completedFuture(true);

    /** The channels of which the client is told who comes and goes; changed in turns only. */
    private final Set<String> told = ConcurrentHashMap.newKeySet(1);

    /** The channels, for whoever asks; replaced with each change. */
    private volatile Set<String> shownChannels = Set.of();

    private volatile boolean connected;

    /** Whether nothing of what the client sends is read any more. */
    private volatile boolean deaf;

    /** Why the session has ended the connection, or null if it has not. */
    private volatile @Nullable DisconnectCode ending;

    /**
     * Begins with a client that has not said a word.
     *
     * @param id names the connection
     * @param codec its encoding
     * @param faults takes what goes wrong on this side
     */
    ClientSession(
            String id,
            Codec codec,
            ClientSettings settings,
            ClientRules rules,
            ClientStream stream,
            Liveness liveness,
            FaultLog faults) {
        this.id = id;
        this.codec = codec;
        this.settings = settings;
        this.rules = rules;
        this.stream = stream;
        this.liveness = liveness;
        this.faults = faults;
        this.turns =
                new Turns(
                        2L * (settings.maxMessageSize() + TASK_SIZE) + Unanswered.MAX_SIZE,
                        failure -> report("A turn of a client failed", failure));
        this.rate =
                new CommandRate(
                        settings.maxCommandsPerSecond(), settings.maxChannels(), System.nanoTime());
    }

    // ---- From the connection

    /** The client sent a frame. */
    void received(Encoded frame) {
        if (deaf) {
            return;
        }
        Decoded decoded;
        try {
            decoded = codec.decode(frame);
        } catch (RuntimeException | Error e) {
            report("A frame of a client could not be read", e);
            disconnectByServer(DisconnectCode.INTERNAL);
            return;
        }
        offer(() -> carryOut(decoded, frame.size()), frame.size());
    }

    /**
     * Takes a task of which there may be any number; the connection ends where they are too many.
     */
    private void offer(Runnable task, int size) {
        if (!turns.offer(task, size + TASK_SIZE) && !deaf) {
            deaf = true;
            disconnectByServer(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    /** The connection is closed, or about to be. */
    void over() {
        turns.execute(this::end);
    }

    /** A subscription is in force, and the client has been told. */
    void begun(Instruction.Await wish) {
        turns.execute(
                () -> {
                    // Unless the client has left the channel meanwhile, or come anew.
                    String channel = wish.channel();
                    if (state != State.CONNECTED
                            || !Long.valueOf(wish.id()).equals(channels.get(channel))) {
                        return;
                    }
                    rules.subscribed(channel);
                    PresentClient me = rules.present(channel, wish.info());
                    if (me != null) {
                        stream.enter(channel, me);
                    }
                });
    }

    /** Tells whether the client is to be told who comes to a channel, and goes. */
    boolean isTold(String channel) {
        return told.contains(channel);
    }

    /** The stream has lost a channel, and the client was told. */
    void lost(String channel) {
        turns.execute(() -> forget(channel));
    }

    private void carryOut(Decoded frame, int size) {
        if (state == State.CONNECTING) {
            waitingSize += size;
            if (waitingSize > 2L * settings.maxMessageSize()) {
                disconnect(DisconnectCode.TOO_MANY_REQUESTS);
            }
        }
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
        } else if (waiting.size() < Unanswered.MAX + settings.maxChannels()) {
            waiting.add(task);
        } else {
            disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    private void carryOut(Command command) {
        answering(
                command.id(),
                () -> {
                    switch (state) {
                        case NEW -> first(command);
                        case CONNECTED -> judged(command);
                        default -> {
                            // Nobody reads on after a refusal or a fault.
                        }
                    }
                });
    }

    /** Sees to it that a command has an answer, whatever fails on the way to it. */
    private void answering(long command, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            report("A command of a client failed, and the client is told so", e);
            if (command > 0) {
                fail(command, ProtocolError.INTERNAL);
            }
        }
    }

    private void report(String what, Throwable failure) {
        faults.warn(
                ErrorCode.CONSUMER_FAILED,
                what + ": " + failure.getClass().getName() + " (a fault of this library)",
                failure);
    }

    // ---- Connecting

    private void first(Command command) {
        if (!(command.request() instanceof Request.Connect connect)) {
            disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        state = State.CONNECTING;
        decided(
                command.id(),
                () -> rules.connect(connect),
                verdict -> answerConnect(command.id(), verdict));
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
            deaf = true;
            fail(command, error);
        }
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }

    // ---- Commands

    private void judged(Command command) {
        if (command.request() instanceof Request.Pong && liveness.pong()) {
            // An answer, and no command.
            return;
        }
        boolean answered = command.id() > 0;
        switch (rate.next(System.nanoTime())) {
            case TAKEN -> carryOut(command.id(), command.request());
            case REFUSED -> {
                rules.limited();
                if (answered) {
                    fail(command.id(), ProtocolError.TOO_MANY_REQUESTS);
                }
            }
            case FLOOD -> {
                rules.limited();
                disconnect(DisconnectCode.TOO_MANY_REQUESTS);
            }
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
            // Nobody has asked; it has been counted as a command, and does no harm otherwise.
            return;
        } else if (request instanceof Request.Connect) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else if (request instanceof Request.Presence presence) {
            ask(command, presence.channel(), presence);
        } else if (request instanceof Request.PresenceStats stats) {
            ask(command, stats.channel(), stats);
        } else if (request instanceof Request.History history) {
            ask(command, history.channel(), history);
        } else {
            fail(command, ProtocolError.NOT_AVAILABLE);
        }
    }

    private void ask(long command, String channel, Request question) {
        if (channel.isEmpty()) {
            disconnect(DisconnectCode.BAD_REQUEST);
        } else if (!ChannelNames.isValid(channel)) {
            fail(command, ProtocolError.BAD_REQUEST);
        } else if (begin(command, channel.length())) {
            decided(
                    command,
                    () -> rules.question(channel, question, permitted.contains(channel)),
                    verdict -> {
                        ProtocolError error = verdict.error();
                        if (error != null) {
                            unanswered.end(channel.length());
                            fail(command, error);
                            return;
                        }
                        answer(
                                command,
                                channel.length(),
                                () -> rules.answer(question),
                                result -> result);
                    });
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
            int size = request.token().length() + request.data().size();
            if (!unanswered.keep(size)) {
                fail(command, ProtocolError.TOO_MANY_REQUESTS);
                return;
            }
            if (!rules.follow(channel)) {
                unanswered.drop(size);
                fail(command, ProtocolError.TOO_MANY_REQUESTS);
                return;
            }
            follow(channel, command);
            decided(
                    command,
                    () -> rules.subscribe(channel, request.token(), request.data()),
                    verdict -> {
                        unanswered.drop(size);
                        join(command, request, verdict);
                    });
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
        permit(channel, request.joinLeave());
        boolean positions = rules.positions(channel);
        Instruction.Recover recover =
                request.recover()
                        ? new Instruction.Recover(
                                request.position().offset(),
                                request.position().epoch().isEmpty(),
                                request.wantsErrorUnlessRecovered())
                        : null;
        stream.put(
                new Instruction.Await(
                        channel, command, recover, positions, verdict.seconds(), verdict.info()));
        try {
            stream.join(start(request, positions), channel);
        } catch (ChannelsException e) {
            leave(channel, OutgoingStream.errorOf(e), null);
        } catch (RuntimeException | Error e) {
            report("A client could not be subscribed", e);
            leave(channel, ProtocolError.INTERNAL, null);
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
        } else if (begin(command, request.token().length())) {
            decided(
                    command,
                    () -> rules.refresh(request),
                    verdict -> {
                        unanswered.end(request.token().length());
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
        } else if (begin(command, request.token().length())) {
            decided(
                    command,
                    () -> rules.subscribe(channel, request.token(), Payload.NONE),
                    verdict -> {
                        unanswered.end(request.token().length());
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
        offer(
                () -> {
                    for (String name : expiries.over(now)) {
                        if (name.equals(Expiries.CONNECTION)) {
                            disconnect(DisconnectCode.EXPIRED);
                            return;
                        }
                        PushContent content = new PushContent.Unsubscribed(UnsubscribeCode.EXPIRED);
                        leave(name, ProtocolError.EXPIRED, new ServerMessage.Push(name, content));
                    }
                },
                0);
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
        int size = request.data().size();
        if (!begin(command, size)) {
            return;
        }
        // All are asked for at once, and taken in the order in which they came.
        CompletableFuture<Boolean> before = lastPublish;
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        lastPublish = mine;
        decided(
                command,
                () -> {
                    CompletionStage<ClientRules.Verdict> asked = rules.publish(request);
                    return before.thenCompose(done -> asked);
                },
                verdict -> {
                    try {
                        publish(command, request, verdict.error());
                    } finally {
                        mine.complete(true);
                    }
                });
    }

    private void publish(long command, Request.Publish request, @Nullable ProtocolError error) {
        int size = request.data().size();
        if (error != null) {
            unanswered.end(size);
            fail(command, error);
            return;
        }
        answer(command, size, () -> rules.published(request), done -> new Result.Publish());
    }

    private void call(long command, Request.Rpc request) {
        if (!rules.takesCalls()) {
            fail(command, ProtocolError.NOT_AVAILABLE);
        } else if (begin(command, request.data().size())) {
            answer(command, request.data().size(), () -> rules.call(request), Result.Rpc::new);
        }
    }

    private void sent(Request.Send request) {
        if (!rules.takesCalls()) {
            disconnect(DisconnectCode.NOT_AVAILABLE);
        } else if (unanswered.begin(request.data().size())) {
            afterwards(
                    0,
                    () -> rules.sent(request),
                    (taken, failure) -> unanswered.end(request.data().size()));
        } else {
            // It cannot be refused, and must not be lost silently.
            disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    /** Counts a command whose reply comes later; refuses it where there are too many. */
    private boolean begin(long command, int size) {
        boolean begun = unanswered.begin(size);
        if (!begun) {
            fail(command, ProtocolError.TOO_MANY_REQUESTS);
        }
        return begun;
    }

    private interface Answer<T extends @Nullable Object> {
        Result of(T outcome);
    }

    private <T extends @Nullable Object> void answer(
            long command, int size, Supplier<CompletionStage<T>> outcome, Answer<T> answer) {
        afterwards(
                command,
                outcome,
                (value, failure) -> {
                    unanswered.end(size);
                    if (failure == null) {
                        reply(command, answer.of(value));
                    } else {
                        fail(command, errorOf(failure));
                    }
                });
    }

    private void decided(
            long command,
            Supplier<CompletionStage<ClientRules.Verdict>> decision,
            Consumer<ClientRules.Verdict> then) {
        afterwards(
                command,
                decision,
                (verdict, failure) ->
                        then.accept(
                                failure == null
                                        ? verdict
                                        : ClientRules.Verdict.no(errorOf(failure))));
    }

    /** Goes on at once where the outcome is known, so that replies keep the order of commands. */
    private <T extends @Nullable Object> void afterwards(
            long command,
            Supplier<CompletionStage<T>> begun,
            BiConsumer<T, @Nullable Throwable> then) {
        CompletableFuture<T> known;
        try {
            known = begun.get().toCompletableFuture();
        } catch (RuntimeException | Error e) {
            report("A command of a client could not be begun, and the client is told so", e);
            known = CompletableFuture.failedFuture(e);
        }
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
            var unused =
                    known.whenComplete(
                            (value, failure) ->
                                    turns.execute(
                                            () ->
                                                    answering(
                                                            command,
                                                            () -> then.accept(value, failure))));
        }
    }

    private static ProtocolError errorOf(Throwable failure) {
        Throwable cause = Causes.of(failure);
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
        offer(
                () -> {
                    if (state != State.CONNECTED || channels.containsKey(channel)) {
                        return;
                    }
                    if (channels.size() >= settings.maxChannels()) {
                        disconnect(DisconnectCode.CHANNEL_LIMIT);
                        return;
                    }
                    if (!rules.follow(channel)) {
                        faults.warn(
                                ErrorCode.LIMIT_REACHED,
                                this
                                        + " could not be subscribed by the application: clients have"
                                        + " brought channels.max-channels channels into being",
                                null);
                        return;
                    }
                    follow(channel, 0);
                    permit(channel, true);
                    boolean positions = rules.positions(channel);
                    stream.put(new Instruction.Await(channel, 0, null, positions, 0, null));
                    try {
                        stream.join(Start.now(), channel);
                    } catch (ChannelsException e) {
                        faults.warn(
                                e.errorCode(),
                                this
                                        + " could not be subscribed by the application: "
                                        + e.getMessage(),
                                e);
                        unsubscribeNow(channel);
                    }
                },
                0);
    }

    /** Unsubscribes the client for good; does nothing where it is not subscribed. */
    void unsubscribeByServer(String channel) {
        offer(
                () -> {
                    if (channels.containsKey(channel)) {
                        unsubscribeNow(channel);
                    }
                },
                0);
    }

    private void unsubscribeNow(String channel) {
        PushContent content = new PushContent.Unsubscribed(UnsubscribeCode.SERVER);
        leave(channel, UNSUBSCRIBED, new ServerMessage.Push(channel, content));
    }

    /** Sends something to the client that belongs to no channel. */
    void message(Payload data) {
        offer(
                () -> {
                    if (state == State.CONNECTED) {
                        send(new ServerMessage.Push("", new PushContent.Message(data)));
                    }
                },
                data.size());
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

    private void permit(String channel, boolean wantsPresence) {
        permitted.add(channel);
        if (wantsPresence && rules.tellsPresence(channel)) {
            told.add(channel);
        }
    }

    private void forget(String channel) {
        expiries.remove(channel);
        permitted.remove(channel);
        told.remove(channel);
        if (channels.remove(channel) != null) {
            rules.unfollow(channel);
            shownChannels = Set.copyOf(channels.keySet());
            stream.leave(channel);
        }
    }

    private void reply(long command, Result result) {
        send(new ServerMessage.Reply(command, result));
    }

    private void fail(long command, ProtocolError error) {
        if (error.equals(ProtocolError.LIMIT_EXCEEDED)) {
            rules.limited();
        }
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
        deaf = true;
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
