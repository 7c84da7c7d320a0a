package dev.channels.bench.app;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Publishes inside of the server, and tells about its process. */
abstract class ControlServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Hands one event to the fan-out. */
    abstract void publish(String text, String channel);

    /** Answers with the process id. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(ProcessHandle.current().pid());
    }

    /** Publishes, and answers with what {@link Publisher#run} returns. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(new Publisher(Order.of(request), this::publish).run());
    }

    /** Answers with the bytes in use after garbage collections. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        response.getWriter()
                .print(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
}
