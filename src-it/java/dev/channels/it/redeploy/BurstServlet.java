package dev.channels.it.redeploy;

import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Publishes some events at once, and tells how many subscribers there are. */
@WebServlet("/burst")
public class BurstServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(channels.statistics().subscribers());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        int count = Integer.parseInt(request.getParameter("count"));
        String filling = "x".repeat(Integer.parseInt(request.getParameter("size")));
        for (int i = 1; i <= count; i++) {
            channels.publish(i + filling, "burst");
        }
    }
}
