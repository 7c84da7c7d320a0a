package dev.channels.client.session;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.ErrorCode;
import dev.channels.EventSender.Completion;
import dev.channels.Joined;
import dev.channels.Note;
import dev.channels.Position;
import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.Start;
import dev.channels.client.protocol.DisconnectCode;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.rules.ClientRules;
import dev.channels.client.stream.ClientStream;
import dev.channels.client.stream.EventForms;
import dev.channels.client.stream.FrameBatch;
import dev.channels.client.stream.Frames;
import dev.channels.client.stream.Instruction;
import dev.channels.client.stream.OutgoingStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One client that speaks JSON, with a stream and an application that a test plays. */
final class Wire implements ClientStream, ClientRules, Frames, Completion, OutgoingStream.Session {

    static final String EPOCH = "xYz";

    final List<String> sent = new ArrayList<>();
    final Map<String, Start> joins = new HashMap<>();
    final List<String> left = new ArrayList<>();
    final List<String> toApplication = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    int answered;

    /** How many calls have answered for frames. */
    int answers;

    int skipped;
    Throwable failure;
    DisconnectCode closed;

    /** Whether a frame stays in flight until {@link #frameWritten}. */
    boolean slow;

    /** What {@link #join} throws. */
    ChannelsException refusal;

    Completion inFlight;

    /** What {@link #write} throws. */
    Error broken;

    /** What all rules throw. */
    Throwable fault;

    /** What {@link #join} throws beside a {@link #refusal}. */
    Error joinFault;

    boolean room = true;
    final List<String> subscribed = new ArrayList<>();
    final List<String> unfollowed = new ArrayList<>();
    int limited;
    boolean takesCalls = true;
    boolean positions = true;
    boolean tellsPresence = true;
    boolean permits = true;
    final List<String> entered = new ArrayList<>();
    CompletableFuture<Verdict> question = CompletableFuture.completedFuture(Verdict.YES);
    CompletableFuture<Result> answer =
            CompletableFuture.completedFuture(new Result.PresenceStats(2, 1));
    CompletableFuture<Verdict> connect = CompletableFuture.completedFuture(Verdict.YES);
    CompletableFuture<Verdict> subscribe = CompletableFuture.completedFuture(Verdict.YES);
    CompletableFuture<Verdict> publish = CompletableFuture.completedFuture(Verdict.YES);
    CompletableFuture<Void> published = CompletableFuture.completedFuture(null);
    CompletableFuture<Payload> reply = CompletableFuture.completedFuture(Payload.of("{}"));

    final Liveness liveness = new Liveness(1000, 100, 500, 0);
    final FrameBatch batch = new FrameBatch(EventForms.json(true).codec(), this);
    final OutgoingStream outgoing;
    final ClientSession session;

    Wire() {
        this(8, 100);
    }

    Wire(int maxChannels, int maxCommands) {
        this(maxChannels, maxCommands, 1000);
    }

    Wire(int maxChannels, int maxCommands, int maxPublishes) {
        ClientSettings settings =
                new ClientSettings(
                        "/",
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(15),
                        maxChannels,
                        65536,
                        maxCommands,
                        maxPublishes,
                        Duration.ZERO);
        outgoing =
                new OutgoingStream(
                        EventForms.json(true), batch, false, Runnable::run, this, size -> {});
        session =
                new ClientSession(
                        "c1",
                        EventForms.json(true).codec(),
                        settings,
                        this,
                        this,
                        liveness,
                        this::fault);
    }

    private void fault(ErrorCode code, String message, Throwable cause) {
        faults.add(message);
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
        if (session.isTold(change.channel())) {
            put(new Instruction.Tell(change.channel(), EventForms.json(true).push(change)));
        }
    }

    // ---- The client

    Wire says(String... lines) {
        session.received(new Encoded.Text(String.join("\n", lines)));
        return this;
    }

    Wire connects() {
        says("{\"id\":1,\"connect\":{}}");
        sent.clear();
        toApplication.clear();
        return this;
    }

    Wire subscribes(String channel) {
        says("{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}");
        delivers(joined(channel, 41));
        sent.clear();
        return this;
    }

    // ---- The stream

    Wire delivers(Delivery... deliveries) {
        for (Delivery delivery : deliveries) {
            outgoing.send(delivery, this);
        }
        outgoing.flush();
        return this;
    }

    static Joined joined(String channel, long offset) {
        return new Joined(channel, new Position(EPOCH, offset), true, 0);
    }

    static ChannelEvent event(String channel, long offset, String payload) {
        return new ChannelEvent(
                channel, new Position(EPOCH, offset), payload.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void put(Instruction instruction) {
        outgoing.send(new Note(instruction, 0), this);
        outgoing.flush();
    }

    @Override
    public void join(Start start, String channel) {
        if (refusal != null) {
            throw refusal;
        }
        if (joinFault != null) {
            throw joinFault;
        }
        joins.put(channel, start);
    }

    @Override
    public void enter(String channel, PresentClient client) {
        entered.add(channel + " " + client.channelInfo());
    }

    @Override
    public void leave(String channel) {
        left.add(channel);
    }

    @Override
    public void sent() {
        answered++;
    }

    @Override
    public void sent(int sends) {
        answered += sends;
        answers++;
    }

    @Override
    public void skipped(Throwable cause) {
        skipped++;
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }

    // ---- The connection

    @Override
    public void write(Encoded frame, Completion done) {
        if (broken != null) {
            throw broken;
        }
        sent.add(((Encoded.Text) frame).text());
        inFlight = done;
        if (!slow) {
            frameWritten();
        }
    }

    void frameWritten() {
        Completion done = inFlight;
        inFlight = null;
        done.sent();
    }

    @Override
    public void end(DisconnectCode because) {
        closed = because;
    }

    // ---- The application

    private void throwFault() {
        if (fault instanceof Error error) {
            throw error;
        }
        if (fault instanceof RuntimeException e) {
            throw e;
        }
    }

    @Override
    public String user() {
        return "me";
    }

    @Override
    public CompletionStage<Verdict> connect(Request.Connect request) {
        throwFault();
        return connect;
    }

    @Override
    public void letIn() {
        toApplication.add(session.isConnected() ? "let in" : "let in too early");
    }

    @Override
    public CompletionStage<Verdict> refresh(Request.Refresh request) {
        throwFault();
        return connect;
    }

    @Override
    public CompletionStage<Verdict> subscribe(String channel, String token, Payload data) {
        throwFault();
        return subscribe;
    }

    @Override
    public boolean permits(String channel) {
        return permits;
    }

    @Override
    public CompletionStage<Verdict> publish(Request.Publish request) {
        throwFault();
        return publish;
    }

    @Override
    public CompletionStage<Verdict> question(String channel, Request asked, boolean subscribed) {
        toApplication.add(channel + (subscribed ? " subscribed" : ""));
        return question;
    }

    @Override
    public CompletionStage<Result> answer(Request asked) {
        return answer;
    }

    @Override
    public boolean tellsPresence(String channel) {
        return tellsPresence;
    }

    @Override
    public PresentClient present(String channel, String info) {
        return new PresentClient("c1", "me", null, info);
    }

    @Override
    public boolean follow(String channel) {
        return room;
    }

    @Override
    public void subscribed(String channel) {
        subscribed.add(channel);
    }

    @Override
    public void unfollow(String channel) {
        unfollowed.add(channel);
    }

    @Override
    public void limited() {
        limited++;
    }

    @Override
    public boolean positions(String channel) {
        return positions;
    }

    @Override
    public CompletionStage<Void> published(Request.Publish request) {
        throwFault();
        toApplication.add(request.channel());
        return published;
    }

    @Override
    public boolean takesCalls() {
        return takesCalls;
    }

    @Override
    public CompletionStage<Payload> call(Request.Rpc request) {
        throwFault();
        toApplication.add(request.method());
        return reply;
    }

    @Override
    public CompletionStage<Payload> sent(Request.Send request) {
        throwFault();
        toApplication.add("sent");
        return reply;
    }
}
