package dev.channels.matrix.app;

import dev.channels.BackgroundTask;
import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells whether a callback runs on a virtual thread, which JDK 17 does not know of. */
@WebServlet("/callback-thread")
public class CallbackThreadServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        CompletableFuture<Thread> found = new CompletableFuture<>();
        BackgroundTask task =
                channels.subscribe("bean")
                        .runInBackground(event -> found.complete(Thread.currentThread()));
        try {
            channels.publish("look", "bean");
            Thread thread = found.get(10, TimeUnit.SECONDS);
            response.getWriter().print(Thread.class.getMethod("isVirtual").invoke(thread));
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            task.close();
        }
    }
}
