package dev.channels.bench.app;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the sessions of each channel, as anybody would write it. */
@ServerEndpoint("/ws/{channel}")
public class LoopEndpoint {

    private static final Map<String, Set<Session>> SESSIONS = new ConcurrentHashMap<>();

    static Set<Session> sessions(String channel) {
        return SESSIONS.computeIfAbsent(channel, name -> ConcurrentHashMap.newKeySet());
    }

    @OnOpen
    public void open(Session session, @PathParam("channel") String channel) {
        sessions(channel).add(session);
    }

    @OnClose
    public void close(Session session, @PathParam("channel") String channel) {
        sessions(channel).remove(session);
    }
}
