package dev.channels.it.messaging;

import dev.channels.ChannelsException;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** Sends a tick, and tells what has become of its message. */
@WebServlet("/ticks")
public class TickServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient Ticks ticks;

    /** Cannot be encoded. */
    public static class Broken {
        public int getValue() {
            throw new IllegalStateException("It has no value");
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String tick = request.getParameter("tick");
        String became = "acknowledged";
        try {
            ticks.send(tick == null ? new Broken() : tick).toCompletableFuture().join();
        } catch (CompletionException e) {
            became =
                    e.getCause() instanceof ChannelsException known
                            ? "refused " + known.errorCode()
                            : "refused " + e.getCause();
        }
        response.getWriter().print(became);
    }
}
