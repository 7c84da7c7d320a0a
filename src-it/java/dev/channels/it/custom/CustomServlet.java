package dev.channels.it.custom;

import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Publishes a reading; tells how many subscribers there are, and what they were offered. */
@WebServlet("/custom")
public class CustomServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        channels.publish(new Reading(new Temperature(21.5)), "news");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter()
                .print(
                        channels.statistics().subscribers()
                                + " subscribers, "
                                + StubbornSubscriber.OFFERED
                                + " offered");
    }
}
