package dev.channels.it.bad;

import jakarta.enterprise.context.Dependent;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** An endpoint on the path of the template, and a CDI bean. */
@Dependent
@ServerEndpoint("/ws/{room}")
public class OwnBeanEndpoint {

    @OnMessage
    public void message(String message) {}
}
