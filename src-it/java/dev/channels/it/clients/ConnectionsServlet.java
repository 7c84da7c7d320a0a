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
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** Publishes, and does things to all clients. */
@WebServlet("/connections")
public class ConnectionsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final long MEGABYTE = 1_000_000;

    @Inject private transient ChannelsPlugin channels;
    @Inject private transient ClientConnections clients;

    /**
     * Publishes the numbers from one to another, as JSON, to a channel, each with so many zeros
     * after it, or none; the broker has them then.
     */
    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) {
        String channel = request.getParameter("channel");
        String zeros = request.getParameter("zeros");
        String end = zeros == null ? "" : "0".repeat(Integer.parseInt(zeros));
        int to = Integer.parseInt(request.getParameter("to"));
        for (int i = Integer.parseInt(request.getParameter("from")); i < to; i++) {
            channels.publish(i + end, channel);
        }
        channels.waitPublished(to + end, channel).toCompletableFuture().join();
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String channel = request.getParameter("channel");
        if (request.getParameter("do").equals("reconnect-everywhere")) {
            clients.everywhere("").disconnect(true).toCompletableFuture().join();
            return;
        }
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

    /**
     * Tells how many clients are connected, how often the history was read, how many events were
     * dropped, or how much of the heap is used or was, at most, since this was asked the last time:
     * in megabytes.
     */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(number(String.valueOf(request.getQueryString())));
    }

    private long number(String what) {
        return switch (what) {
            case "heap" ->
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
            case "peak" -> peak() / MEGABYTE;
            case "reads" -> channels.statistics().historyReads();
            case "dropped" -> channels.statistics().dropped();
            default -> clients.all().size();
        };
    }

    private static long peak() {
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                peak += pool.getPeakUsage().getUsed();
                pool.resetPeakUsage();
            }
        }
        return peak;
    }
}
