package dev.channels.it.bad;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** An endpoint on the path of a channel, and no CDI bean. */
@ServerEndpoint("/ws/a")
public class OwnEndpoint {

    @OnMessage
    public void message(String message) {}
}
