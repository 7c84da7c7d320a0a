package dev.channels.client.session;

import dev.channels.ErrorCode;
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
import dev.channels.client.rules.ClientRules;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.Instruction;
import dev.channels.spi.Log;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the commands of one connection, one after another: how far it has come is in {@link
 * SessionState}, what each command does in the class of its kind, what is sent in {@link
 * SessionEffects}.
 *
 * <p>Everything happens in tasks of one {@link TaskQueue}, so that no state needs a lock. Commands
 * that come while it is being decided whether the client is let in wait for it.
 */
public final class ClientSession {

    /** What a task keeps beside its data. */
    private static final int TASK_SIZE = 100;

    private final String id;
    private final Codec codec;
    private final ClientSettings settings;
    private final ClientRules rules;
    private final Liveness liveness;
    private final FaultLog faults;
    private final CommandRate rate;
    private final CommandRate publishRate;
    private final TaskQueue tasks;

    // All of these are used by one task at a time.
    private final SessionState state = new SessionState();
    private final HeldCommands held;
    private final SessionChannels channels = new SessionChannels();
    private final Expiries expiries = new Expiries();
    private final EarlierPositions earlier;
    private final SessionEffects effects;
    private final CommandSteps steps;
    private final SubscribeCommands subscribes;
    private final CommandKinds commands;

    /**
     * Begins with a client that has not said a word.
     *
     * @param id names the connection
     * @param codec its encoding
     * @param faults takes what goes wrong on this side
     */
    public ClientSession(
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
        this.liveness = liveness;
        this.faults = faults;
        int maxChannels = settings.maxChannels();
        this.tasks =
                new TaskQueue(
                        2L * (settings.maxMessageSize() + TASK_SIZE) + Unanswered.MAX_SIZE,
                        failure -> faults.broken("A task of a client failed", failure));
        long now = System.nanoTime();
        this.rate = new CommandRate(settings.maxCommandsPerSecond(), maxChannels, now);
        this.publishRate = new CommandRate(settings.maxPublishesPerSecond(), 0, now);
        this.held = new HeldCommands(Unanswered.MAX + maxChannels, 2L * settings.maxMessageSize());
        this.earlier = new EarlierPositions(maxChannels);
        this.effects = new SessionEffects(codec, rules, stream, state, held, channels);
        this.steps = new CommandSteps(tasks, effects, faults);
        this.subscribes =
                new SubscribeCommands(
                        toString(),
                        maxChannels,
                        rules,
                        stream,
                        channels,
                        expiries,
                        steps,
                        effects,
                        faults,
                        earlier);
        this.commands =
                new CommandKinds(
                        subscribes,
                        new RefreshCommands(
                                id, rules, subscribes, channels, expiries, steps, effects),
                        new PublishCommands(rules, steps, effects),
                        new QuestionCommands(rules, channels, steps, effects),
                        new CallCommands(rules, steps, effects),
                        effects);
    }

    // ---- From the connection

    /** The client sent a frame. */
    public void received(Encoded frame) {
        if (state.isDeaf()) {
            return;
        }
        Decoded decoded;
        try {
            decoded = codec.decode(frame);
        } catch (RuntimeException | Error e) {
            faults.broken("A frame of a client could not be read", e);
            disconnectByServer(DisconnectCode.INTERNAL);
            return;
        }
        offer(() -> carryOut(decoded, frame.size()), frame.size());
    }

    /**
     * Takes a task of which there may be any number; the connection ends where they are too many.
     */
    private void offer(Runnable task, int size) {
        if (!tasks.offer(task, size + TASK_SIZE) && !state.isDeaf()) {
            state.stopReading();
            disconnectByServer(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    /** The connection is closed, or about to be. */
    public void over() {
        tasks.execute(effects::end);
    }

    /** A subscription is in force, and the client has been told. */
    public void begun(Instruction.Await wish) {
        tasks.execute(() -> subscribes.begun(wish));
    }

    /** Tells whether the client is to be told who comes to a channel, and goes. */
    public boolean isTold(String channel) {
        return channels.isTold(channel);
    }

    /** The stream has lost a channel, and the client was told. */
    public void lost(String channel) {
        tasks.execute(() -> subscribes.forget(channel));
    }

    /** Ends what the client was allowed for a time that is over. */
    public void expire(long now) {
        if (expiries.any()) {
            offer(() -> expireInTurn(now), 0);
        }
    }

    private void expireInTurn(long now) {
        for (String name : expiries.over(now)) {
            if (name.equals(Expiries.CONNECTION)) {
                effects.disconnect(DisconnectCode.EXPIRED);
                return;
            }
            subscribes.expire(name);
        }
    }

    // ---- Commands

    private void carryOut(Decoded frame, int size) {
        if (state.next() == SessionState.Step.WAIT && !held.count(size)) {
            effects.disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
        for (Command command : frame.commands()) {
            whenDecided(() -> carryOut(command));
        }
        String fault = frame.fault();
        if (fault != null) {
            whenDecided(() -> endFor(fault));
        }
    }

    private void endFor(String fault) {
        Log.detail(ErrorCode.STATE, () -> "A client breaks the protocol: " + fault, null);
        effects.disconnect(DisconnectCode.BAD_REQUEST);
    }

    /** Runs a task at once, or after the decision whether the client is let in. */
    private void whenDecided(Runnable task) {
        if (state.next() != SessionState.Step.WAIT) {
            task.run();
        } else if (!held.add(task)) {
            effects.disconnect(DisconnectCode.TOO_MANY_REQUESTS);
        }
    }

    private void carryOut(Command command) {
        steps.answering(
                command.id(),
                () -> {
                    switch (state.next()) {
                        case CONNECT -> connect(command);
                        case CARRY_OUT -> judge(command);
                        case WAIT, IGNORE -> {
                            // Nothing is to be done: those that wait come later.
                        }
                    }
                });
    }

    private void connect(Command command) {
        if (!(command.request() instanceof Request.Connect connect)) {
            effects.disconnect(DisconnectCode.BAD_REQUEST);
            return;
        }
        state.connect();
        steps.decided(
                command.id(),
                () -> rules.connect(connect),
                verdict -> answerConnect(command.id(), connect, verdict));
    }

    private void answerConnect(long command, Request.Connect request, ClientRules.Verdict verdict) {
        ProtocolError error = verdict.error();
        if (!state.decide(error == null)) {
            return;
        }
        if (error == null) {
            expiries.set(Expiries.CONNECTION, verdict.seconds(), System.nanoTime());
            earlier.note(request.positions());
            // Clients that came at once are not to be pinged at once for ever.
            liveness.connected((1 + Math.random()) / 2, System.nanoTime());
            effects.reply(
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
            rules.letIn();
        } else {
            effects.fail(command, error);
        }
        held.run();
    }

    private void judge(Command command) {
        if (command.request() instanceof Request.Pong && liveness.pong()) {
            // An answer, and no command.
            return;
        }
        switch (rateOf(command.request())) {
            case TAKEN -> commands.carryOut(command.id(), command.request());
            case REFUSED -> {
                rules.limited();
                if (command.id() > 0) {
                    effects.fail(command.id(), ProtocolError.TOO_MANY_REQUESTS);
                }
            }
            case FLOOD -> {
                rules.limited();
                effects.disconnect(DisconnectCode.TOO_MANY_REQUESTS);
            }
        }
    }

    /**
     * A publish costs each subscriber of its channel something, and has a limit of its own, too.
     */
    private CommandRate.Verdict rateOf(Request request) {
        long now = System.nanoTime();
        CommandRate.Verdict verdict = rate.next(now);
        return verdict == CommandRate.Verdict.TAKEN && request instanceof Request.Publish
                ? publishRate.next(now)
                : verdict;
    }

    // ---- What the application wants

    /**
     * Subscribes the client; does nothing where it is subscribed.
     *
     * @param channel a valid name
     */
    public void subscribeByServer(String channel) {
        whileConnected(() -> subscribes.subscribeByServer(channel), 0);
    }

    /** Unsubscribes the client for good; does nothing where it is not subscribed. */
    public void unsubscribeByServer(String channel) {
        whileConnected(() -> subscribes.unsubscribeByServer(channel), 0);
    }

    /** Sends something to the client that belongs to no channel. */
    public void message(Payload data) {
        whileConnected(
                () -> effects.send(new ServerMessage.Push("", new PushContent.Message(data))),
                data.size());
    }

    private void whileConnected(Runnable task, int size) {
        offer(
                () -> {
                    if (state.isConnected()) {
                        task.run();
                    }
                },
                size);
    }

    /** Closes the connection, once everything before has been sent. */
    public void disconnectByServer(DisconnectCode code) {
        tasks.execute(() -> effects.disconnect(code));
    }

    // ---- For whoever asks

    /** Returns the name of the connection. */
    public String id() {
        return id;
    }

    /** Returns who it is. */
    public String user() {
        return rules.user();
    }

    /** Tells whether the client was let in. */
    public boolean isConnected() {
        return state.isConnected();
    }

    /**
     * Returns why the session has ended the connection, which may still be sent what was there
     * before.
     *
     * @return the reason, or null if the session has not
     */
    public @Nullable DisconnectCode ending() {
        return state.ending();
    }

    /** Returns the channels that it is subscribed to, or about to be. */
    public Set<String> channels() {
        return channels.names();
    }

    /** Returns a word for messages. */
    @Override
    public String toString() {
        return "client " + id;
    }
}
