package dev.channels.it.redeploy;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells how many class loaders of dead applications are still there, and which threads are theirs
 * or the library's.
 */
@WebServlet("/probe")
public class ProbeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Open Liberty forgets the tasks that have ended with every twentieth that is scheduled. */
    private static final int TASKS = 40;

    /** As many threads as WildFly has for requests, on two processors (16 for each). */
    private static final CyclicBarrier TOGETHER = new CyclicBarrier(32);

    @Resource private transient ManagedScheduledExecutorService scheduler;

    /** Keeps a thread of the server until as many are kept as there are, or for a second. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        try {
            TOGETHER.await(1, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            // This server has fewer.
            TOGETHER.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        for (int i = 0; i < TASKS; i++) {
            var unused = scheduler.schedule(() -> {}, 1, TimeUnit.MILLISECONDS);
        }
        System.gc();
        List<ClassLoader> alive = Loaders.alive();
        StringBuilder threads = new StringBuilder();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("channels-")
                    || alive.contains(thread.getContextClassLoader())) {
                threads.append('\n').append(thread);
            }
        }
        response.getWriter().print(alive.size() + " of " + Loaders.count() + threads);
    }
}
