package dev.channels.endpoint;

import dev.channels.Caller;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.endpoint.policy.ClientDecisions;
import dev.channels.endpoint.request.Door;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.endpoint.request.RequestPath;
import dev.channels.endpoint.request.Target;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of every WebSocket door, before all other filters, and judges each handshake
 * before it is upgraded. What it lets in carries a {@link Handshake}; a door closes what comes
 * without one. All other requests pass.
 */
public final class HandshakeFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** The one version that there is (RFC 6455). */
    private static final List<String> VERSIONS = List.of("13");

    private final transient Supplier<Doors> doors;
    private final transient Predicate<String> isForeign;

    /**
     * Makes a filter.
     *
     * @param doors asked for at the first handshake
     * @param isForeign whether an endpoint of the application itself is on a path
     */
    public HandshakeFilter(Supplier<Doors> doors, Predicate<String> isForeign) {
        this.doors = doors;
        this.isForeign = isForeign;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isHandshake(request)) {
            chain.doFilter(request, response);
            return;
        }
        RequestPath path = RequestPath.of(request);
        Target target = targetOf(request, path);
        if (target == null || (path.isPlain() && isForeign.test(path.path()))) {
            chain.doFilter(request, response);
            return;
        }
        Refusal refusal = judge(request, path, target);
        if (refusal != null) {
            refusal.sendTo(response);
            return;
        }
        Doors current = doors.get();
        Caller caller = current.callers().callerOf(request, response, current.server());
        if (response.isCommitted()) {
            // The container has refused the credentials in its own way.
            return;
        }
        String address = current.addresses().of(request);
        ClientDecisions.Verdict verdict = judge(target, caller, address);
        refusal = verdict.refusal();
        if (refusal != null) {
            refusal.sendTo(response);
            return;
        }
        Handshake.of(
                        request,
                        current.server(),
                        target.door(),
                        target.channel(),
                        caller,
                        verdict.expiry(),
                        address)
                .enter();
        try {
            chain.doFilter(current.server().toUpgrade(request), response);
        } finally {
            Handshake.leave();
        }
    }

    /**
     * Tells whether a server might upgrade a request. They differ in what they take for a
     * handshake: one looks at the key only, and a client may name several protocols, with versions,
     * in more than one header (RFC 9110, section 7.8).
     */
    private static boolean isHandshake(HttpServletRequest request) {
        return request.getHeader("Sec-WebSocket-Key") != null
                || Collections.list(request.getHeaders("Upgrade")).stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    private @Nullable Target targetOf(HttpServletRequest request, RequestPath path) {
        RequestPath ofContainer = RequestPath.ofContainer(request);
        boolean agrees = ofContainer.segments().equals(path.segments());
        for (Door door : doors.get().doors()) {
            Target target = door.targetOf(path);
            if (target != null) {
                return target;
            }
            if (!agrees && door.targetOf(ofContainer) != null) {
                // The container takes the path apart in another way, and will upgrade what it
                // finds.
                return Target.NOWHERE;
            }
        }
        return null;
    }

    private @Nullable Refusal judge(HttpServletRequest request, RequestPath path, Target target) {
        if (!path.isPlain()) {
            return Refusal.PATH;
        }
        if (target.equals(Target.NOWHERE)) {
            return Refusal.NOT_FOUND;
        }
        if (!request.getMethod().equals("GET") || hasBody(request)) {
            return Refusal.BODY;
        }
        if (request.getHeader("Host") == null || !namesUpgrade(request)) {
            return Refusal.INCOMPLETE;
        }
        // One server fails at what is no number, and writes a file about it each time.
        if (!Collections.list(request.getHeaders("Sec-WebSocket-Version")).equals(VERSIONS)) {
            return Refusal.VERSION;
        }
        if (doors.get().server().isFollowedByData(request)) {
            return Refusal.DATA;
        }
        if (!doors.get().origins().allow(request)) {
            doors.get().refusals().origin();
            return Refusal.ORIGIN;
        }
        return null;
    }

    /** RFC 6455, section 4.2.1: {@code Connection} is a list with that word in it. */
    private static boolean namesUpgrade(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Connection")).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(word -> word.strip().equalsIgnoreCase("Upgrade"));
    }

    private ClientDecisions.Verdict judge(Target target, Caller caller, String address) {
        Doors current = doors.get();
        Refusal full = current.connections().refusalOf(caller, address);
        String channel = target.channel();
        if (full == null
                && channel != null
                && !current.connections().haveRoomFor(List.of(channel))) {
            full = Refusal.CHANNELS_FULL;
        }
        if (full != null) {
            return new ClientDecisions.Verdict(full, null);
        }
        return channel == null
                ? current.decisions().ofConnection(caller)
                : current.decisions()
                        .await(
                                new ClientIntent(
                                        caller, Action.SUBSCRIBE, channel, "", new byte[0]));
    }

    /** A body in front of the first frame makes some servers forget the session. */
    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0
                || request.getHeader("Transfer-Encoding") != null
                || Collections.list(request.getHeaders("Content-Length")).stream()
                        .anyMatch(length -> !length.equals("0"));
    }
}
