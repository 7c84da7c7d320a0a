package dev.channels.client.rules;

import dev.channels.Caller;
import dev.channels.ClientCall;
import dev.channels.ClientCredentials;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import dev.channels.ConnectedClient;
import dev.channels.PresentClient;
import dev.channels.client.protocol.Payload;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.stream.EventForms;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.spi.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one client may do on this node: what policies and the application's beans decide. */
public final class NodeRules implements ClientRules {

    private static final CompletionStage<Verdict> UNKNOWN_CHANNEL =
            CompletableFuture.completedFuture(Verdict.no(ProtocolError.UNKNOWN_CHANNEL));

    /** Who shows an identity at the handshake, and is asked again at connect and refresh. */
    private final Caller visitor;

    private final Doors doors;
    private final OpenConnection connection;
    private final @Nullable ApplicationCalls calls;
    private final ChannelQuestions questions;
    private final Supplier<ConnectedClient> client;

    private volatile Caller caller;

    /**
     * Makes the rules of one client.
     *
     * @param visitor who has come, as the container knows it
     * @param connection told who the client is, and which channels it has
     * @param calls those of the client, or null if the application takes none
     * @param questions what it may ask about channels
     * @param client the client
     */
    public NodeRules(
            Doors doors,
            Caller visitor,
            OpenConnection connection,
            @Nullable ApplicationCalls calls,
            ChannelQuestions questions,
            Supplier<ConnectedClient> client) {
        this.doors = doors;
        this.visitor = visitor;
        this.caller = visitor;
        this.connection = connection;
        this.calls = calls;
        this.questions = questions;
        this.client = client;
    }

    @Override
    public String user() {
        return caller.name();
    }

    @Override
    public CompletionStage<Verdict> connect(Request.Connect request) {
        return doors.decisions()
                .authenticate(
                        new ClientCredentials(visitor, request.token(), request.data().bytes()))
                .thenApply(
                        known -> {
                            if (!doors.connections().identify(connection, known)) {
                                return Verdict.no(ProtocolError.TOO_MANY_REQUESTS);
                            }
                            caller = known;
                            return until(known.expiry());
                        })
                .exceptionallyCompose(failure -> told(failure, ProtocolError.UNAUTHORIZED));
    }

    @Override
    public void letIn() {
        doors.connections().letIn(connection, caller);
    }

    @Override
    public CompletionStage<Verdict> refresh(Request.Refresh request) {
        return doors.decisions()
                .authenticate(new ClientCredentials(visitor, request.token(), new byte[0]))
                .thenApply(
                        known -> {
                            if (!known.name().equals(caller.name())) {
                                return Verdict.no(ProtocolError.UNAUTHORIZED);
                            }
                            caller = known;
                            return until(known.expiry());
                        })
                .exceptionallyCompose(failure -> told(failure, ProtocolError.UNAUTHORIZED));
    }

    @Override
    public CompletionStage<Verdict> subscribe(String channel, String token, Payload data) {
        return decided(Action.SUBSCRIBE, channel, token, data);
    }

    @Override
    public boolean permits(String channel) {
        return doors.decisions().permits(caller, Action.SUBSCRIBE, channel);
    }

    @Override
    public CompletionStage<Verdict> publish(Request.Publish request) {
        CompletionStage<Verdict> decision =
                decided(Action.PUBLISH, request.channel(), "", request.data());
        return decision.thenApply(
                verdict ->
                        verdict.error() == null && !doors.connections().publish(request.channel())
                                ? Verdict.no(ProtocolError.TOO_MANY_REQUESTS)
                                : verdict);
    }

    private CompletionStage<Verdict> decided(
            Action action, String channel, String token, Payload data) {
        if (!doors.settings().channels().contains(channel)) {
            return UNKNOWN_CHANNEL;
        }
        return doors.decisions()
                .authorize(new ClientIntent(caller, action, channel, token, data.bytes()))
                .thenApply(NodeRules::verdict)
                .exceptionallyCompose(failure -> told(failure, ProtocolError.PERMISSION_DENIED));
    }

    private static Verdict verdict(ClientPermit permit) {
        Verdict until = until(permit.expiry());
        return new Verdict(until.error(), until.seconds(), permit.info());
    }

    private static Verdict until(@Nullable Instant expiry) {
        if (expiry == null) {
            return Verdict.YES;
        }
        long seconds = Duration.between(Instant.now(), expiry).toSeconds();
        return seconds <= 0
                ? Verdict.no(ProtocolError.TOKEN_EXPIRED)
                : new Verdict(null, (int) Math.min(seconds, Integer.MAX_VALUE), null);
    }

    /** Tells a client why it was refused; what failed otherwise stays a failure. */
    private static CompletionStage<Verdict> told(Throwable failure, ProtocolError otherwise) {
        Throwable cause = Causes.of(failure);
        if (!(cause instanceof ClientRefusedException refused)) {
            return CompletableFuture.failedFuture(cause);
        }
        int code =
                refused.code() == ProtocolError.PERMISSION_DENIED.code()
                        ? otherwise.code()
                        : refused.code();
        String reason = refused.reason().isEmpty() ? otherwise.message() : refused.reason();
        return CompletableFuture.completedFuture(
                Verdict.no(new ProtocolError(code, reason, false)));
    }

    @Override
    public CompletionStage<Verdict> question(String channel, Request asked, boolean subscribed) {
        if (!doors.settings().channels().contains(channel)) {
            return UNKNOWN_CHANNEL;
        }
        if (!questions.canAnswer(channel, asked)) {
            return CompletableFuture.completedFuture(Verdict.no(ProtocolError.NOT_AVAILABLE));
        }
        if (!(asked instanceof Request.History)) {
            return decided(Action.PRESENCE, channel, "", Payload.NONE);
        }
        return subscribed
                ? CompletableFuture.completedFuture(Verdict.YES)
                : decided(Action.SUBSCRIBE, channel, "", Payload.NONE);
    }

    @Override
    public CompletionStage<Result> answer(Request asked) {
        return questions.answer(asked);
    }

    @Override
    public boolean tellsPresence(String channel) {
        return doors.settings().policies().of(channel).joinLeave();
    }

    @Override
    public @Nullable PresentClient present(String channel, @Nullable String info) {
        return doors.present(client.get().id(), caller, channel, info);
    }

    @Override
    public boolean follow(String channel) {
        return doors.connections().follow(connection, channel);
    }

    @Override
    public void subscribed(String channel) {
        doors.connections().subscribed(connection, channel);
    }

    @Override
    public void unfollow(String channel) {
        doors.connections().unfollow(connection, channel);
    }

    @Override
    public void limited() {
        doors.refusals().limit();
    }

    @Override
    public boolean positions(String channel) {
        return doors.settings().policies().of(channel).recover();
    }

    @Override
    public CompletionStage<Void> published(Request.Publish request) {
        return doors.plugin()
                .waitPublished(
                        request.data().bytes(),
                        EventForms.publisher(user(), client.get().id()),
                        List.of(request.channel()));
    }

    @Override
    public boolean takesCalls() {
        return calls != null;
    }

    @Override
    public CompletionStage<Payload> call(Request.Rpc request) {
        return required()
                .rpc(new ClientCall(client.get(), request.method(), request.data().bytes()));
    }

    @Override
    public CompletionStage<Payload> sent(Request.Send request) {
        return required().send(new ClientCall(client.get(), "", request.data().bytes()));
    }

    private ApplicationCalls required() {
        if (calls == null) {
            throw new IllegalStateException("The application takes no calls");
        }
        return calls;
    }
}
