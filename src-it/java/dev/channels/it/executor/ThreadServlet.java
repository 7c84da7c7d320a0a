package dev.channels.it.executor;

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
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Tells which thread a callback runs on, and whether it has the names of {@code java:comp}. */
@WebServlet("/thread")
public class ThreadServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        CompletableFuture<String> found = new CompletableFuture<>();
        BackgroundTask task =
                channels.subscribe("news").runInBackground(e -> found.complete(look()));
        try {
            channels.publish("look", "news");
            response.getWriter().print(found.get(10, TimeUnit.SECONDS));
        } catch (Exception e) {
            response.getWriter().print("failed: " + e);
        } finally {
            task.close();
        }
    }

    private static String look() {
        return Thread.currentThread().getName() + (hasNames() ? " with" : " without") + " names";
    }

    private static boolean hasNames() {
        try {
            return new InitialContext().lookup("java:comp/DefaultManagedExecutorService") != null;
        } catch (NamingException e) {
            return false;
        }
    }
}
