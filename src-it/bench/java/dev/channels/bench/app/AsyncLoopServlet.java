package dev.channels.bench.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.websocket.Session;

/** Fan-out by a loop, for servers that queue what is sent while another send is under way. */
@WebServlet("/control")
public class AsyncLoopServlet extends ControlServlet {

    private static final long serialVersionUID = 1L;

    @Override
    void publish(String text, String channel) {
        for (Session session : LoopEndpoint.sessions(channel)) {
            if (session.isOpen()) {
                session.getAsyncRemote().sendText(text);
            }
        }
    }
}
