package dev.channels.it.redeploy;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;

/** An endpoint of an application without the library; it closes at the first message. */
@ServerEndpoint("/idle")
public class IdleEndpoint {

    @OnMessage
    public void close(String message, Session session) throws IOException {
        session.close();
    }
}
