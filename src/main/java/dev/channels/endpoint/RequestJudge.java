package dev.channels.endpoint;

import dev.channels.Caller;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.endpoint.policy.ClientDecisions;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests of a door that a servlet serves, as {@link HandshakeFilter} judges handshakes:
 * origin, caller, limits, policies and the beans of the application, in this order.
 *
 * <p>Safe for use by any thread.
 */
public final class RequestJudge {

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
     * (CORS, Fetch Standard, section 3.2), and that no other may take it for something else.
     *
     * @param request any
     * @param response nothing of which has been sent
     * @return false if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public boolean admitsOrigin(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.addHeader("Vary", "Origin, Sec-Fetch-Site");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Cross-Origin-Resource-Policy",
                doors.origins().allowsAny() ? "cross-origin" : "same-origin");
        if (!doors.origins().allow(request)) {
            doors.refusals().origin();
            Refusal.ORIGIN.sendTo(response);
            return false;
        }
        String origin = request.getHeader("Origin");
        if (doors.origins().allowsAny()) {
            // Whoever may read it, may not do so in the name of a user who does not know of it.
            response.setHeader("Access-Control-Allow-Origin", "*");
        } else if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Allow-Credentials", "true");
        }
        return true;
    }

    /**
     * Finds out who has come, and whether that caller may subscribe; waits for the beans of the
     * application, with a bound.
     *
     * @param door the name of the door
     * @param channels valid and declared
     * @param request any
     * @param response nothing of which has been sent
     * @return what is known of the request, or null if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public @Nullable Handshake admit(
            String door,
            Collection<String> channels,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Caller caller = doors.callers().callerOf(request, response, doors.server());
        if (response.isCommitted()) {
            // The container has refused the credentials in its own way.
            return null;
        }
        String address = doors.addresses().of(request);
        ClientDecisions.Verdict verdict = judge(caller, address, channels);
        Refusal refusal = verdict.refusal();
        if (refusal != null) {
            refusal.sendTo(response);
            return null;
        }
        return Handshake.of(request, doors.server(), door, null, caller, verdict.expiry(), address);
    }

    private ClientDecisions.Verdict judge(
            Caller caller, String address, Collection<String> channels) {
        Refusal full = doors.connections().refusalOf(caller, address);
        if (full == null && !doors.connections().haveRoomFor(channels)) {
            full = Refusal.CHANNELS_FULL;
        }
        if (full != null) {
            return new ClientDecisions.Verdict(full, null);
        }
        return doors.decisions()
                .await(
                        caller,
                        channels.stream()
                                .map(
                                        channel ->
                                                new ClientIntent(
                                                        caller,
                                                        Action.SUBSCRIBE,
                                                        channel,
                                                        "",
                                                        new byte[0]))
                                .toList());
    }
}
