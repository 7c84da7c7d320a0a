package dev.channels.endpoint;

import dev.channels.Caller;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests of a door that a servlet serves, as {@link HandshakeFilter} judges handshakes:
 * origin, caller, limits, policies and the beans of the application, in this order.
 *
 * <p>Safe for use by any thread.
 */
public final class RequestJudge {

    /**
     * What was found.
     *
     * @param refusal why not, or null
     * @param expiry until when, if it may; null for ever
     */
    public record Verdict(@Nullable Refusal refusal, @Nullable Instant expiry) {

        static Verdict no(Refusal refusal) {
            return new Verdict(refusal, null);
        }
    }

    private final Doors doors;

    /**
     * Makes a judge.
     *
     * @param doors what all doors share
     */
    public RequestJudge(Doors doors) {
        this.doors = doors;
    }

    /**
     * Judges where a request comes from, and tells its browser that the page may have the answer
     * (CORS, Fetch Standard, section 3.2).
     *
     * @param request any
     * @param response nothing of which has been sent
     * @return false if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public boolean admitsOrigin(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.addHeader("Vary", "Origin");
        if (!doors.origins().allow(request)) {
            Refusal.ORIGIN.sendTo(response);
            return false;
        }
        String origin = request.getHeader("Origin");
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        return true;
    }

    /**
     * Finds out who has come.
     *
     * @param door the name of the door
     * @param request any
     * @param response nothing of which has been sent
     * @return what is known of the request, or null if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public @Nullable Handshake admit(
            String door, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = doors.callers().callerOf(request, response, doors.server());
        if (response.isCommitted()) {
            // The container has refused the credentials in its own way.
            return null;
        }
        OpenConnections connections = doors.connections();
        if (connections.isFull() || connections.isFull(caller)) {
            (connections.isFull() ? Refusal.FULL : Refusal.CALLER_FULL).sendTo(response);
            return null;
        }
        HttpSession session = request.getSession(false);
        return new Handshake(
                door,
                null,
                caller,
                session == null ? null : session.getId(),
                doors.server().noteOf(request));
    }

    /**
     * Decides whether a caller may subscribe to channels; waits for the beans of the application,
     * with a bound.
     *
     * @param caller who asks
     * @param channels valid and declared
     * @return what was decided
     */
    public Verdict judge(Caller caller, Collection<String> channels) {
        List<CompletableFuture<ClientPermit>> asked = new ArrayList<>();
        for (String channel : channels) {
            ClientIntent intent =
                    new ClientIntent(caller, Action.SUBSCRIBE, channel, "", new byte[0]);
            asked.add(doors.decisions().authorize(intent).toCompletableFuture());
        }
        Instant expiry = caller.expiry();
        long start = System.nanoTime();
        long patience = 2 * ClientDecisions.PATIENCE.toNanos();
        for (CompletableFuture<ClientPermit> answer : asked) {
            try {
                long left = Math.max(0, patience - (System.nanoTime() - start));
                expiry = earlier(expiry, answer.get(left, TimeUnit.NANOSECONDS).expiry());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Verdict.no(Refusal.UNDECIDED);
            } catch (TimeoutException e) {
                return Verdict.no(Refusal.UNDECIDED);
            } catch (ExecutionException e) {
                return Verdict.no(refusalFor(caller, e.getCause()));
            }
        }
        return new Verdict(null, expiry);
    }

    private static Refusal refusalFor(Caller caller, @Nullable Throwable cause) {
        if (!(cause instanceof ClientRefusedException)) {
            return Refusal.UNDECIDED;
        }
        return caller.isAnonymous() ? Refusal.UNKNOWN_CALLER : Refusal.FORBIDDEN;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
