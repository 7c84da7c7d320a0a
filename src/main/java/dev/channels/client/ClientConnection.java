package dev.channels.client;

import dev.channels.Caller;
import dev.channels.ChannelsException;
import dev.channels.ConnectedClient;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.PresenceChange;
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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ties together what one socket has: the session that reads commands, the stream, the frames that
 * leave, and its liveness. Its methods may be called by any thread.
 */
final class ClientConnection implements OpenConnection, Frames, OutgoingStream.Session {

    private final ClientContext context;
    private final EventForms forms;
    private final Codec codec;
    private final SessionWriter writer;
    private final FrameBatch batch;
    private final Liveness liveness;
    private final ClientSession session;
    private final ClientHandle client;
    private final OutgoingStream outgoing;
    private final ConnectionStream stream;
    private final AtomicBoolean over = new AtomicBoolean();

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
        this.stream = new ConnectionStream(name, () -> batch.endNow(DisconnectCode.SLOW));
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
                                new ChannelQuestions(
                                        context.doors(),
                                        application.history(),
                                        forms,
                                        application.skipped()),
                                this::client),
                        stream,
                        liveness,
                        context.doors().log()::warn);
        this.client = new ClientHandle(session, application.encoder());
        this.outgoing =
                new OutgoingStream(
                        forms,
                        batch,
                        remote.mayBlock(),
                        new WriteDelay(
                                name,
                                settings.writeDelay(),
                                application.scheduler(),
                                application.executor()),
                        this,
                        stream::taken);
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
            stream.open(context.doors().plugin().openSubscription(outgoing));
        } catch (ChannelsException e) {
            Log.detail(e.errorCode(), () -> this + " got no stream", e);
            batch.endNow(
                    e.errorCode() == ErrorCode.NOT_RUNNING
                            ? DisconnectCode.SHUTDOWN
                            : DisconnectCode.INTERNAL);
        }
        if (over.get()) {
            context.clients().remove(client);
            stream.close();
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
        if (!stream.hasRoomForHints()) {
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
        stream.put(new Instruction.Tell(change.channel(), forms.push(change)));
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
        end(because, Runnable::run);
    }

    private void end(DisconnectCode because, Executor closing) {
        DisconnectCode decided = session.ending();
        DisconnectCode code = decided == null ? because : decided;
        writer.end(
                code.equals(DisconnectCode.WRITE_ERROR)
                        ? Ending.GONE
                        : new Ending(code.code(), code.reason()),
                closing);
        finish();
    }

    // ---- The look from outside

    @Override
    public int backlog() {
        return stream.backlog();
    }

    @Override
    public Health look(long now, Executor asking) {
        switch (liveness.look(now)) {
            case PING -> stream.put(new Instruction.Send(codec.encode(new ServerMessage.Ping())));
            case LATE -> end(DisconnectCode.LATE, asking);
            case DEAD -> end(DisconnectCode.NO_PONG, asking);
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
            stream.close();
        }
    }

    /** Returns what the log calls it. */
    @Override
    public String toString() {
        return writer.toString();
    }
}
