package dev.channels.sse;

import dev.channels.ErrorCode;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.RequestJudge;
import dev.channels.endpoint.request.Handshake;
import dev.channels.endpoint.request.Refusal;
import dev.channels.server.ResponseRemote;
import dev.channels.sse.SseQuery.BadQueryException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers a request with the events of its channels. Nothing here waits for them: the request is
 * left to its {@link SseConnection}, and its thread goes on to the next one.
 */
final class SseServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String METHODS = "GET, HEAD, OPTIONS";

    /** How long a browser may remember what it is told of the methods. */
    private static final String PREFLIGHT_SECONDS = "600";

    private final transient Doors doors;
    private final transient SseSettings settings;
    private final transient RequestJudge judge;

    SseServlet(Doors doors, SseSettings settings) {
        this.doors = doors;
        this.settings = settings;
        this.judge = new RequestJudge(doors);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!judge.admitsOrigin(request, response)) {
            return;
        }
        switch (request.getMethod()) {
            case "GET", "HEAD" -> serve(request, response);
            case "OPTIONS" -> tellMethods(response);
            default -> {
                response.setHeader("Allow", METHODS);
                new Refusal(405, "Events are read with GET").sendTo(response);
            }
        }
    }

    private static void tellMethods(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Allow", METHODS);
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        response.setHeader("Access-Control-Allow-Headers", "Last-Event-ID, Cache-Control");
        response.setHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }

    private void serve(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        SseQuery query;
        try {
            query =
                    SseQuery.of(
                            request.getQueryString(),
                            request.getHeader("Last-Event-ID"),
                            settings.maxChannels());
            query.checkIds(channel -> doors.settings().policies().of(channel).recover());
        } catch (BadQueryException e) {
            new Refusal(400, String.valueOf(e.getMessage())).sendTo(response);
            return;
        }
        if (!query.channels().stream().allMatch(doors.settings().channels()::contains)) {
            Refusal.NOT_FOUND.sendTo(response);
            return;
        }
        Handshake handshake = judge.admit(SseDoor.NAME, query.channels(), request, response);
        if (handshake == null) {
            return;
        }
        if (!request.isAsyncSupported()) {
            refuseWithoutAsync(response);
            return;
        }
        sendHead(response);
        if (!request.getMethod().equals("HEAD")) {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            ResponseRemote remote = doors.server().response(context);
            new SseConnection(doors, settings, query, handshake, remote).begin();
        }
    }

    /** A filter that does not support it, in front of us, takes it from the request. */
    private void refuseWithoutAsync(HttpServletResponse response) throws IOException {
        doors.log()
                .warn(
                        ErrorCode.ENDPOINT,
                        "Server-Sent Events are refused on "
                                + settings.path()
                                + ", since a filter or servlet in front of them does not support"
                                + " asynchronous requests. Set async-supported of every filter on"
                                + " this path, or move the path (channels.sse-path).");
        Refusal.UNDECIDED.sendTo(response);
    }

    /** Sent at once, so that a client knows that it is let in, on a quiet channel too. */
    private static void sendHead(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
    }
}
