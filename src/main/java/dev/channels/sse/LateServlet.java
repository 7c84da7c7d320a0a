package dev.channels.sse;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/** Stands for the servlet where the servlets of an application are there before its CDI is. */
final class LateServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<SseServlet> servlet;

    LateServlet(Supplier<SseServlet> servlet) {
        this.servlet = servlet;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        servlet.get().service(request, response);
    }
}
