package dev.channels.bench.app;

import jakarta.servlet.annotation.WebServlet;
import jakarta.websocket.Session;
import java.io.IOException;

/** Fan-out by a loop, for servers that fail a send while another one is under way. */
@WebServlet("/control")
public class BasicLoopServlet extends ControlServlet {

    private static final long serialVersionUID = 1L;

    @Override
    void publish(String text, String channel) {
        for (Session session : LoopEndpoint.sessions(channel)) {
            synchronized (session) {
                send(session, text);
            }
        }
    }

    private static void send(Session session, String text) {
        try {
            if (session.isOpen()) {
                session.getBasicRemote().sendText(text);
            }
        } catch (IOException e) {
            LoopEndpoint.sessions(session.getPathParameters().get("channel")).remove(session);
        }
    }
}
