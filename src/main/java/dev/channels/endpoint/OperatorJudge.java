package dev.channels.endpoint;

import dev.channels.Caller;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.ErrorCode;
import dev.channels.endpoint.policy.Access;
import dev.channels.endpoint.policy.ClientDecisions;
import dev.channels.endpoint.request.Callers;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Origins;
import dev.channels.endpoint.request.Refusal;
import dev.channels.spi.Log;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests of operators. Whatever {@code channels.allowed-origins} lets clients do, a page
 * of another origin gets nothing here, and no answer may be read by one.
 *
 * <p>Safe for use by any thread.
 */
public final class OperatorJudge {

    private static final Refusal NOT_LOGGED_IN = new Refusal(401, "Log in first");
    private static final Refusal NO_OPERATOR = new Refusal(403, "This is for operators only");
    private static final Refusal NOT_HERE = new Refusal(403, "The policy does not permit it");

    private static final List<String> NAVIGATE = List.of("navigate");
    private static final List<String> DOCUMENT = List.of("document");

    private final Doors doors;
    private final String door;
    private final Access operators;
    private final Origins origins;
    private final Callers callers;

    /**
     * Makes a judge.
     *
     * @param doors what all doors share
     * @param door the name of the door that is judged for
     * @param operators who is one
     */
    public OperatorJudge(Doors doors, String door, Access operators) {
        this.doors = doors;
        this.door = door;
        this.operators = operators;
        this.origins =
                new Origins(List.of("same-origin"), doors.settings().trustForwardedHeaders());
        Set<String> roles = new TreeSet<>(doors.settings().policies().roles());
        if (operators.asksForRoles()) {
            roles.addAll(operators.words());
        }
        roles.remove("**");
        this.callers = new Callers(roles);
    }

    /**
     * Judges where a request comes from.
     *
     * @param isPage whether it is for a page that shows nothing by itself, to which another site
     *     may lead: a link, or the page on which a person logs in
     * @param request any
     * @param response nothing of which has been sent
     * @return false if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public boolean admitsOrigin(
            boolean isPage, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.addHeader("Vary", "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (origins.allow(request) || (isPage && leadsHere(request))) {
            return true;
        }
        doors.refusals().origin();
        Refusal.ORIGIN.sendTo(response);
        return false;
    }

    /** Tells whether a browser goes to what is asked for, in a tab of its own (Fetch Metadata). */
    private static boolean leadsHere(HttpServletRequest request) {
        return request.getHeader("Origin") == null
                && List.of("GET", "HEAD").contains(request.getMethod())
                && Collections.list(request.getHeaders("Sec-Fetch-Mode")).equals(NAVIGATE)
                && Collections.list(request.getHeaders("Sec-Fetch-Dest")).equals(DOCUMENT);
    }

    /**
     * Finds out who has come, and whether that is an operator.
     *
     * @param asks whether the container may ask who it is, in a way that a person can answer
     * @param request any
     * @param response nothing of which has been sent
     * @return what is known of the request, or null if it was refused, and answered
     * @throws IOException if the client is gone
     */
    public @Nullable Handshake admit(
            boolean asks, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = callers.callerOf(request, response, doors.server());
        if (caller.isAnonymous() && asks && !response.isCommitted()) {
            ask(request, response);
            if (response.isCommitted() || response.getStatus() != HttpServletResponse.SC_OK) {
                return null;
            }
            caller = callers.callerOf(request, response, doors.server());
        }
        if (response.isCommitted()) {
            // The container has refused the credentials in its own way.
            return null;
        }
        if (!operators.permits(caller)) {
            refuse(caller, response);
            return null;
        }
        String address = doors.addresses().of(request);
        return Handshake.of(request, doors.server(), door, null, caller, null, address);
    }

    private void refuse(Caller caller, HttpServletResponse response) throws IOException {
        if (caller.isAnonymous()) {
            doors.refusals().identity();
            NOT_LOGGED_IN.sendTo(response);
        } else {
            doors.refusals().policy();
            NO_OPERATOR.sendTo(response);
        }
    }

    private static void ask(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            request.authenticate(response);
        } catch (ServletException e) {
            // There is no way to log in, which the refusal says.
            Log.detail(ErrorCode.FORBIDDEN, () -> "An operator cannot be asked who it is", e);
        }
    }

    /**
     * Decides whether an operator may have the events of a channel, as a client would; waits for
     * the beans of the application, with a bound.
     *
     * @param operator what let it in
     * @param channel valid and declared
     * @return the same until the permit ends; null if it may not
     */
    public @Nullable Handshake permitted(Handshake operator, String channel) {
        ClientDecisions.Verdict verdict =
                decide(operator.caller(), Action.SUBSCRIBE, channel, new byte[0]);
        return verdict.refusal() != null
                ? null
                : new Handshake(
                        operator.door(),
                        null,
                        operator.caller(),
                        operator.httpSession(),
                        operator.note(),
                        verdict.expiry(),
                        operator.address());
    }

    /**
     * Decides whether an operator may publish to a channel, as a client would; waits likewise.
     *
     * @param caller an operator
     * @param channel valid and declared
     * @param data what is to be published
     * @return why not; null if it may
     */
    public @Nullable Refusal refusalOfPublish(Caller caller, String channel, byte[] data) {
        Refusal refusal = decide(caller, Action.PUBLISH, channel, data).refusal();
        if (refusal == null) {
            return doors.connections().publish(channel) ? null : Refusal.CHANNELS_FULL;
        }
        return refusal.status() == 401 || refusal.status() == 403 ? NOT_HERE : refusal;
    }

    private ClientDecisions.Verdict decide(
            Caller caller, Action action, String channel, byte[] data) {
        return doors.decisions().await(new ClientIntent(caller, action, channel, "", data));
    }
}
