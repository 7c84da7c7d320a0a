package dev.channels.console;

import dev.channels.endpoint.request.Refusal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console: its page, and what the page asks for. A servlet with exact paths, which go
 * before whatever else is mapped, JAX-RS at the root of the application included.
 */
final class ConsoleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Nothing from elsewhere, nothing written into the page, and in nobody's frame. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
                    + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final transient Supplier<ConsoleRequests> source;
    private final transient Map<String, ConsoleFile> files =
            Map.of(
                    ConsolePaths.PAGE, ConsoleFile.read("console.html", "text/html"),
                    ConsolePaths.STYLE, ConsoleFile.read("console.css", "text/css"),
                    ConsolePaths.SCRIPT, ConsoleFile.read("console.js", "text/javascript"));

    private transient volatile @Nullable ConsoleRequests requests;

    /**
     * Makes a servlet.
     *
     * @param source asked for at the first request
     */
    ConsoleServlet(Supplier<ConsoleRequests> source) {
        this.source = source;
    }

    private ConsoleRequests requests() {
        ConsoleRequests known = requests;
        if (known == null) {
            // Twice at the worst: two first requests share less of what is read.
            known = source.get();
            requests = known;
        }
        return known;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        String path = request.getServletPath();
        String methods = ConsolePaths.ACTING.contains(path) ? "POST" : "GET, HEAD";
        if (!List.of(methods.split(", ")).contains(request.getMethod())) {
            response.setHeader("Allow", methods);
            new Refusal(405, "Not with this method").sendTo(response);
            return;
        }
        Query query;
        try {
            query = new Query(request.getQueryString());
        } catch (IllegalArgumentException e) {
            new Refusal(400, "The query is not encoded as it should be").sendTo(response);
            return;
        }
        ConsoleRequests current = requests();
        ConsoleFile file = files.get(path);
        ConsoleRequests.Operator operator =
                current.admit(path.equals(ConsolePaths.PAGE), request, response);
        if (operator == null) {
            return;
        }
        if (file != null) {
            file.sendTo(response, !request.getMethod().equals("HEAD"));
            return;
        }
        switch (path) {
            case ConsolePaths.STATE -> current.state(query, response);
            case ConsolePaths.STREAM -> current.stream(operator, query, request, response);
            case ConsolePaths.PUBLISH -> current.publish(operator, query, request, response);
            case ConsolePaths.DISCONNECT -> current.disconnect(operator, query, request, response);
            case ConsolePaths.FORGET -> current.forget(operator, query, response);
            default -> new Refusal(404, "There is nothing here").sendTo(response);
        }
    }
}
