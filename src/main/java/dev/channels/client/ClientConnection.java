package dev.channels.client;

import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ConnectedClient;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.Note;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.Subscription;
import dev.channels.client.connected.ClientHandle;
import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.ServerMessage;
import dev.channels.client.rules.ApplicationCalls;
import dev.channels.client.rules.ChannelQuestions;
import dev.channels.client.rules.NodeRules;
import dev.channels.client.session.ClientSession;
import dev.channels.client.session.ClientSettings;
import dev.channels.client.session.Liveness;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.EventForms;
import dev.channels.client.stream.FrameBatch;
import dev.channels.client.stream.Frames;
import dev.channels.client.stream.Instruction;
import dev.channels.client.stream.OutgoingStream;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.write.SessionWriter;
import dev.channels.server.SessionRemote;
import dev.channels.spi.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ties together what one socket has: the session that reads commands, the stream, the frames that
 * leave, and its liveness. Its methods may be called by any thread.
 */
final class ClientConnection
        implements OpenConnection, ClientStream, Frames, OutgoingStream.Session {

    /** How many bytes of replies may wait for a client that asks and does not read. */
    private static final long MAX_NOTES = 1 << 20;

    /** From so many on who comes and goes is not told: a hint must not end a connection. */
    private static final long MAX_BEFORE_HINTS = MAX_NOTES / 4;

    /** What a note costs beside its message. */
    private static final int NOTE_SIZE = 64;

    private final ClientContext context;
    private final EventForms forms;
    private final Codec codec;
    private final SessionWriter writer;
    private final FrameBatch batch;
    private final Liveness liveness;
    private final ClientSession session;
    private final ClientHandle client;
    private final OutgoingStream outgoing;
    private final AtomicLong notes = new AtomicLong();
    private final AtomicBoolean flushPlanned = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Subscription subscription;

    /**
     * Makes a connection that nothing comes from yet.
     *
     * @param remote sends to the session
     * @param caller who has come
     * @param name what the log calls the session
     */
    ClientConnection(
            ClientContext context,
            EventForms forms,
            SessionRemote remote,
            Caller caller,
            String name) {
        ClientSettings settings = context.settings();
        ClientContext.Application application = context.application();
        this.context = context;
        this.forms = forms;
        this.codec = forms.codec();
        // Pings are messages of the protocol here.
        this.writer =
                new SessionWriter(
                        remote,
                        name,
                        context.doors().settings().sendTimeout(),
                        Duration.ZERO,
                        this::gone);
        this.batch = new FrameBatch(codec, this);
        this.liveness =
                new Liveness(
                        settings.pingInterval().toNanos(),
                        settings.pongTimeout().toNanos(),
                        settings.connectTimeout().toNanos(),
                        System.nanoTime());
        ApplicationCalls calls =
                application.calls() == null
                        ? null
                        : new ApplicationCalls(
                                application.calls(),
                                application.encoder(),
                                application.executor(),
                                context.doors().log());
        this.session =
                new ClientSession(
                        writer.id(),
                        codec,
                        settings,
                        new NodeRules(
                                context.doors(),
                                caller,
                                this,
                                calls,
                                new ChannelQuestions(context.doors(), application.history(), forms),
                                this::client),
                        this,
                        liveness,
                        context.doors().log()::warn);
        this.client = new ClientHandle(session, application.encoder());
        this.outgoing =
                new OutgoingStream(
                        forms,
                        batch,
                        remote.mayBlock(),
                        this::flushLater,
                        this,
                        size -> notes.addAndGet(-size));
    }

    /** Opens the stream; to be called once, before anything is {@linkplain #received received}. */
    void begin() {
        context.clients().add(client);
        if (over.get()) {
            // Closed before it began: nobody would remove it.
            context.clients().remove(client);
            return;
        }
        try {
            subscription = context.doors().plugin().openSubscription(outgoing);
        } catch (ChannelsException e) {
            Log.detail(e.errorCode(), () -> this + " got no stream", e);
            batch.endNow(
                    e.errorCode() == ErrorCode.NOT_RUNNING
                            ? DisconnectCode.SHUTDOWN
                            : DisconnectCode.INTERNAL);
        }
        if (over.get()) {
            context.clients().remove(client);
            closeStream();
        }
    }

    /** The client sent a frame. */
    void received(Encoded frame) {
        session.received(frame);
    }

    /** The client sends more than it may. */
    void tooBig() {
        writer.end(
                new Ending(1009, "A message has at most " + context.settings().maxMessageSize()));
        finish();
    }

    @Override
    public String id() {
        return writer.id();
    }

    ConnectedClient client() {
        return client;
    }

    // ---- The stream

    @Override
    public void put(Instruction instruction) {
        Subscription open = subscription;
        if (open == null) {
            return;
        }
        int size = NOTE_SIZE;
        if (instruction instanceof Instruction.Send send) {
            size += send.message().size();
        } else if (instruction instanceof Instruction.Tell tell) {
            size += tell.message().size();
        }
        if (notes.addAndGet(size) > MAX_NOTES) {
            batch.endNow(DisconnectCode.SLOW);
            return;
        }
        open.put(new Note(instruction, size));
    }

    @Override
    public void join(Start start, String channel) {
        Subscription open = subscription;
        if (open != null) {
            open.join(start, channel);
        }
    }

    @Override
    public void enter(String channel, PresentClient client) {
        Subscription open = subscription;
        if (open != null) {
            open.enter(channel, client);
        }
    }

    @Override
    public void begun(Instruction.Await wish) {
        session.begun(wish);
    }

    @Override
    public void lost(String channel) {
        session.lost(channel);
    }

    @Override
    public void changed(PresenceChange change) {
        if (!session.isTold(change.channel())) {
            return;
        }
        if (notes.get() > MAX_BEFORE_HINTS) {
            // Were it closed instead, its coming back would be told to the others, and so on.
            context.doors()
                    .log()
                    .warn(
                            ErrorCode.EVENTS_DROPPED,
                            "A client that reads slowly is not told of each that comes to a channel"
                                    + " or goes. Leave join-leave out of the policies of channels"
                                    + " that many follow.");
            return;
        }
        put(new Instruction.Tell(change.channel(), forms.push(change)));
    }

    @Override
    public void leave(String channel) {
        Subscription open = subscription;
        try {
            if (open != null) {
                open.leave(channel);
            }
        } catch (ChannelsException e) {
            // The application stops, and leaves all channels.
            Log.detail(e.errorCode(), () -> this + " could not leave a channel", e);
        }
    }

    /** Waits for other messages, where the configuration has it so. */
    private void flushLater(Runnable flush) {
        Duration delay = context.settings().writeDelay();
        if (delay.isZero()) {
            flush.run();
        } else if (flushPlanned.compareAndSet(false, true)) {
            Runnable due =
                    () -> {
                        flushPlanned.set(false);
                        flush.run();
                    };
            try {
                ClientContext.Application application = context.application();
                Future<?> unused =
                        application
                                .scheduler()
                                .schedule(
                                        () -> application.executor().execute(due),
                                        delay.toNanos(),
                                        TimeUnit.NANOSECONDS);
            } catch (RuntimeException e) {
                // Whatever a container throws that is being stopped.
                Log.detail(ErrorCode.EXECUTOR, () -> this + " does not wait", e);
                due.run();
            }
        }
    }

    // ---- Frames

    @Override
    public void write(Encoded frame, Completion done) throws IOException {
        if (frame instanceof Encoded.Text text) {
            writer.sendText(text.text(), text.size(), done);
        } else if (frame instanceof Encoded.Binary binary) {
            writer.sendBinary(ByteBuffer.wrap(binary.bytes()), done);
        }
    }

    @Override
    public void end(DisconnectCode because) {
        DisconnectCode decided = session.ending();
        DisconnectCode code = decided == null ? because : decided;
        writer.end(
                code.equals(DisconnectCode.WRITE_ERROR)
                        ? Ending.GONE
                        : new Ending(code.code(), code.reason()));
        finish();
    }

    // ---- The look from outside

    @Override
    public int backlog() {
        Subscription open = subscription;
        return open == null ? 0 : open.subscriber().backlogSize();
    }

    @Override
    public Health look(long now, Executor asking) {
        switch (liveness.look(now)) {
            case PING -> put(new Instruction.Send(codec.encode(new ServerMessage.Ping())));
            case LATE -> end(DisconnectCode.LATE);
            case DEAD -> end(DisconnectCode.NO_PONG);
            case NOTHING -> {
                // Nothing is due.
            }
        }
        session.expire(now);
        return writer.look(now, asking);
    }

    @Override
    public void giveUp(Ending because) {
        writer.giveUp(inTermsOfTheProtocol(because));
        finish();
    }

    private static Ending inTermsOfTheProtocol(Ending because) {
        DisconnectCode code = null;
        if (because.equals(Ending.STOPPING)) {
            code = DisconnectCode.SHUTDOWN;
        } else if (because.equals(Ending.NOT_READING)) {
            code = DisconnectCode.SLOW;
        } else if (because.equals(Ending.CALLER) || because.equals(Ending.EXPIRED)) {
            code = DisconnectCode.EXPIRED;
        } else if (because.equals(Ending.OPERATOR)) {
            code = DisconnectCode.FORCE_NO_RECONNECT;
        }
        return code == null ? because : new Ending(code.code(), code.reason());
    }

    @Override
    public void close() {
        writer.close();
    }

    @Override
    public boolean isConnected() {
        return writer.isConnected();
    }

    @Override
    public void terminate() {
        writer.terminate();
    }

    // ---- The end

    /** The session is closed; nothing can be sent any more. */
    void closed() {
        writer.closed();
        gone();
    }

    private void gone() {
        context.doors().connections().remove(this, writer.ending());
        finish();
    }

    /** Nothing more is read, and no event is taken. */
    private void finish() {
        if (over.compareAndSet(false, true)) {
            context.clients().remove(client);
            session.over();
            closeStream();
        }
    }

    private void closeStream() {
        Subscription open = subscription;
        if (open != null) {
            open.close();
        }
    }

    /** Returns what the log calls it. */
    @Override
    public String toString() {
        return writer.toString();
    }
}
