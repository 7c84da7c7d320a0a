package dev.channels.it.clients;

import dev.channels.ChannelsPlugin;
import dev.channels.ClientConnections;
import dev.channels.ConnectedClient;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Publishes, and does things to all clients. */
@WebServlet("/connections")
public class ConnectionsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;
    @Inject private transient ClientConnections clients;

    /** Publishes the numbers from one to another, as JSON, to a channel. */
    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) {
        int to = Integer.parseInt(request.getParameter("to"));
        for (int i = Integer.parseInt(request.getParameter("from")); i <= to; i++) {
            channels.publish(Integer.toString(i), request.getParameter("channel"));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String channel = request.getParameter("channel");
        for (ConnectedClient client : clients.all()) {
            switch (request.getParameter("do")) {
                case "subscribe" -> client.subscribe(channel);
                case "unsubscribe" -> client.unsubscribe(channel);
                case "send" -> client.send("[\"hello\"]");
                case "reconnect" -> client.disconnect(true);
                default -> client.disconnect(false);
            }
        }
    }

    /** Tells how many clients are connected, or how much of the heap is used, in megabytes. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (request.getParameter("heap") == null) {
            response.getWriter().print(clients.all().size());
        } else {
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            response.getWriter().print(used / 1_000_000);
        }
    }
}
