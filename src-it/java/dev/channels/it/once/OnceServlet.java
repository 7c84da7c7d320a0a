package dev.channels.it.once;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Tells what the observer of this node was called with, a line each; a post has it hold the next.
 */
@WebServlet("/once")
public class OnceServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient OnceObserver observer;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(String.join("\n", observer.seen()));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        observer.hold();
    }
}
