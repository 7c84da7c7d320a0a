package dev.channels.matrix.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** In an application of its own: tells what runs of the other one, and undeploys it. */
@WebServlet("/threads")
public class ProbeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Answers the threads of the library that there are in this server, in brackets. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter()
                .print(
                        Thread.getAllStackTraces().keySet().stream()
                                .map(Thread::getName)
                                .filter(name -> name.startsWith("channels-"))
                                .toList());
    }

    /** Undeploys an application of Payara Micro, which does that for code inside it only. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            Class<?> micro = Class.forName("fish.payara.micro.PayaraMicro");
            Object boot = micro.getMethod("getInstance").invoke(null);
            Object runtime = boot.getClass().getMethod("getRuntime").invoke(boot);
            runtime.getClass()
                    .getMethod("undeploy", String.class)
                    .invoke(runtime, request.getParameter("application"));
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }
}
