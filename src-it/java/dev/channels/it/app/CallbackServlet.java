package dev.channels.it.app;

import dev.channels.BackgroundTask;
import dev.channels.ChannelsPlugin;
import dev.channels.Subscriber;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;

/** Tells what a callback finds around it: class loader, CDI, {@code java:comp} and the caller. */
@WebServlet("/callback")
public class CallbackServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        CompletableFuture<String> found = new CompletableFuture<>();
        Subscriber subscriber = channels.subscribe("callback");
        BackgroundTask task = subscriber.runInBackground(e -> found.complete(look()));
        try {
            channels.publish("look", "callback");
            response.getWriter().print(found.get(10, TimeUnit.SECONDS));
        } catch (Exception e) {
            response.getWriter().print("failed: " + e);
        } finally {
            task.close();
        }
    }

    private static String look() {
        boolean loader =
                Thread.currentThread().getContextClassLoader() != null
                        && canLoad(CallbackServlet.class.getName());
        return "loader=" + loader + " cdi=" + cdi() + " comp=" + comp() + " caller=" + caller();
    }

    private static boolean canLoad(String name) {
        try {
            Class.forName(name, false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String cdi() {
        try {
            return String.valueOf(CDI.current().select(PublishingBean.class).get() != null);
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static String caller() {
        try {
            return CDI.current().select(Caller.class).get().name();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static String comp() {
        try {
            return String.valueOf(
                    new InitialContext().lookup("java:comp/DefaultManagedExecutorService") != null);
        } catch (Exception e) {
            return e.toString();
        }
    }
}
