package dev.channels.console;

import dev.channels.ChannelsException;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.OperatorJudge;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.server.ResponseRemote;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers what the page asks for. Safe for use by any thread. */
final class ConsoleRequests {

    /**
     * What only a page of the same origin can send along: a browser asks before it sends this for a
     * page of another one, and is told no.
     */
    static final String HEADER = "X-Channels-Console";

    private static final String DOOR = "console";

    /** How many operators may look at the same time. */
    private static final int MAX_VIEWERS = 32;

    private static final int MAX_PAYLOAD = 64 * 1024;

    private static final long PATIENCE_SECONDS = 5;

    private static final Refusal NO_HISTORY =
            new Refusal(409, "The backend keeps no history of the channel");

    private static final Refusal UNKNOWN_CHANNEL = new Refusal(404, "There is no such channel");

    /** Who asks. */
    record Operator(Handshake handshake) {

        private String named() {
            return "The operator '" + ChannelNames.printable(handshake.caller().name()) + "'";
        }
    }

    private final Doors doors;
    private final OperatorJudge judge;
    private final ConsoleSource source;
    private final StateWriter writer;
    private final ConsoleClients clients;
    private final Semaphore viewers = new Semaphore(MAX_VIEWERS);

    ConsoleRequests(
            Doors doors,
            Access operators,
            ConsoleSource source,
            StateWriter writer,
            ConsoleClients clients) {
        this.doors = doors;
        this.source = source;
        this.judge = new OperatorJudge(doors, DOOR, operators);
        this.writer = writer;
        this.clients = clients;
    }

    /**
     * Judges where a request comes from, and who has sent it.
     *
     * @param isPage whether it is for the page itself, so that a person is there who can say who it
     *     is
     * @return null if it was refused, and answered
     */
    @Nullable Operator admit(
            boolean isPage, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!judge.admitsOrigin(isPage, request, response)) {
            return null;
        }
        if (request.getMethod().equals("POST") && request.getHeader(HEADER) == null) {
            new Refusal(403, "The header " + HEADER + " is missing").sendTo(response);
            return null;
        }
        Handshake handshake = judge.admit(isPage, request, response);
        return handshake == null ? null : new Operator(handshake);
    }

    // ---- To look at

    void state(Query query, HttpServletResponse response) throws IOException {
        send(response, writer.write(View.of(query)));
    }

    private static void send(HttpServletResponse response, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Goes on until the page is left. */
    void stream(
            Operator operator,
            Query query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String followed = query.get("tail");
        if (!followed.isEmpty() && !doors.settings().channels().contains(followed)) {
            UNKNOWN_CHANNEL.sendTo(response);
            return;
        }
        if (!request.isAsyncSupported() || !viewers.tryAcquire()) {
            // The page asks for the state now and then instead.
            Refusal.UNDECIDED.sendTo(response);
            return;
        }
        boolean begun = false;
        try {
            begun = begin(operator, query, followed, request, response);
        } finally {
            if (!begun) {
                viewers.release();
            }
        }
    }

    /** Returns false if there is nothing that will end, and give back its place. */
    private boolean begin(
            Operator operator,
            Query query,
            String followed,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Handshake handshake = operator.handshake;
        Tail tail = null;
        if (!followed.isEmpty()) {
            Handshake permitted = judge.permitted(handshake, followed);
            tail = new Tail(followed, permitted != null);
            handshake = permitted == null ? handshake : permitted;
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
        if (request.getMethod().equals("HEAD")) {
            return false;
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        ResponseRemote remote = doors.server().response(context);
        View view = View.of(query);
        ConsoleConnection connection =
                new ConsoleConnection(
                        doors, handshake, remote, () -> writer.write(view), tail, viewers::release);
        connection.begin();
        return true;
    }

    // ---- To act

    void publish(
            Operator operator,
            Query query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String channel = query.get("channel");
        if (!doors.settings().channels().contains(channel)) {
            UNKNOWN_CHANNEL.sendTo(response);
            return;
        }
        byte[] payload = request.getInputStream().readNBytes(MAX_PAYLOAD + 1);
        if (payload.length > MAX_PAYLOAD) {
            new Refusal(413, "A test event has at most " + MAX_PAYLOAD + " bytes").sendTo(response);
            return;
        }
        Refusal refusal = judge.refusalOfPublish(operator.handshake.caller(), channel, payload);
        if (refusal == null) {
            refusal = published(payload, channel);
        }
        if (refusal != null) {
            refusal.sendTo(response);
            return;
        }
        Log.state(
                operator.named()
                        + " has published a test event to channel '"
                        + ChannelNames.printable(channel)
                        + "'");
        send(response, new Json().object().name("done").value(true).endObject().toString());
    }

    private @Nullable Refusal published(byte[] payload, String channel) {
        return awaited(
                () -> doors.plugin().atOnce().waitPublished(payload, List.of(channel)),
                answer -> null,
                "It could not be published");
    }

    /**
     * Waits for the broker, with a bound.
     *
     * @param refusal why an answer is no success; null if it is
     * @return why it was not done, or null
     */
    private static <T> @Nullable Refusal awaited(
            Supplier<CompletionStage<T>> call,
            Function<T, @Nullable Refusal> refusal,
            String failure) {
        try {
            return refusal.apply(
                    call.get().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return failed(failure, Causes.of(e));
        } catch (ChannelsException e) {
            return failed(failure, e);
        } catch (TimeoutException e) {
            return new Refusal(503, "The broker has not accepted it yet, and may still do so");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Refusal.UNDECIDED;
        }
    }

    private static Refusal failed(String what, Throwable cause) {
        return new Refusal(
                503,
                cause instanceof ChannelsException known
                        ? what + ": " + known.errorCode().code()
                        : what);
    }

    void forget(Operator operator, Query query, HttpServletResponse response) throws IOException {
        String channel = query.get("channel");
        if (!doors.settings().channels().contains(channel)) {
            UNKNOWN_CHANNEL.sendTo(response);
            return;
        }
        // Before it is done: the answer may come too late for this request, or not at all.
        Log.state(
                operator.named()
                        + " deletes the history of channel '"
                        + ChannelNames.printable(channel)
                        + "'");
        Refusal refusal =
                awaited(
                        () -> source.forget(channel),
                        forgotten -> forgotten ? null : NO_HISTORY,
                        "The history could not be deleted");
        if (refusal != null) {
            refusal.sendTo(response);
            return;
        }
        send(response, new Json().object().name("done").value(true).endObject().toString());
    }

    void disconnect(
            Operator operator,
            Query query,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        WatchedClient client = clients.byId(query.get("id"));
        if (client == null || !doors.connections().end(client.id())) {
            new Refusal(404, "The client is not connected to this node").sendTo(response);
            return;
        }
        Log.state(operator.named() + " has disconnected client " + ClientRow.nameOf(client));
        send(response, new Json().object().name("done").value(true).endObject().toString());
    }
}
