package dev.channels.it.identity;

import dev.channels.ChannelsPlugin;
import dev.channels.ClientConnections;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells users something of their own or of a channel, who they are, and lets them log out; or how
 * much the library is to log.
 */
@WebServlet({"/user", "/private/user"})
public class UserServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Of the library; kept, or its level is forgotten. */
    private static final Logger LOG = Logger.getLogger("dev.channels");

    @Inject private transient ChannelsPlugin channels;
    @Inject private transient ClientConnections clients;

    /** Who has asked with {@code note}. */
    private static volatile String noted = "";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (request.getParameter("note") != null) {
            noted = request.getRemoteUser();
        }
        if (request.getRemoteUser() != null) {
            // Open Liberty knows users by a cookie of its own, and would have no session.
            request.getSession();
        }
        boolean asked = request.getParameter("noted") != null;
        response.getWriter().print(asked ? noted : request.getRemoteUser());
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) {
        if (request.getParameter("log") != null) {
            LOG.setLevel(Level.parse(request.getParameter("log")));
            return;
        }
        String data = request.getParameter("data");
        if (request.getParameter("user") != null) {
            channels.publishToUser(data, request.getParameter("user"));
        } else {
            channels.publish(data, request.getParameter("channel"));
        }
    }

    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response)
            throws ServletException {
        if (request.getParameter("end") != null) {
            clients.end(request.getParameter("end"));
            return;
        }
        request.logout();
        request.getSession().invalidate();
    }
}
