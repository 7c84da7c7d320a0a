package dev.channels.it.blocked;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Begins callbacks, and tells how many events they have had, or how many of them stand still. */
@WebServlet("/callbacks")
public class CallbacksServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private static final AtomicInteger TAKEN = new AtomicInteger();

    @Inject private transient ChannelsPlugin channels;

    /** Begins callbacks that block with the first event, or one that counts. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        int blocking = Integer.parseInt(request.getParameter("blocking"));
        for (int i = 0; i < blocking; i++) {
            channels.subscribe("news").runInBackground(CallbacksServlet::block);
        }
        if (blocking == 0) {
            channels.subscribe("news").runInBackground(event -> TAKEN.incrementAndGet());
        }
    }

    private static void block(ChannelEvent event) {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Publishes an event. */
    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) {
        channels.publish(request.getParameter("data"), "news");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter()
                .print(
                        switch (request.getParameter("count")) {
                            case "blocked" -> blocked();
                            case "subscribers" -> channels.statistics().subscribers();
                            default -> TAKEN.get();
                        });
    }

    /** Counts the threads that stand in a callback, of any application that has this class. */
    private static long blocked() {
        return Thread.getAllStackTraces().values().stream()
                .filter(
                        stack ->
                                Arrays.stream(stack)
                                        .anyMatch(
                                                frame ->
                                                        frame.getMethodName().equals("block")
                                                                && frame.getClassName()
                                                                        .equals(
                                                                                CallbacksServlet
                                                                                        .class
                                                                                        .getName())))
                .count();
    }
}
