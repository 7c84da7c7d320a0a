package dev.channels.it.app;

import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Publishes the body from its second line on to the channel that its first line names. */
@WebServlet("/servlet")
public class PublishingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String[] lines = body.split("\n", 2);
        if (request.getParameter("unawaited") != null) {
            channels.publish(lines[1], lines[0]);
        } else {
            // Who comes then finds it in the history.
            channels.waitPublished(lines[1], lines[0]).toCompletableFuture().join();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(channels.statistics());
    }
}
