package dev.channels.endpoint;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.function.Supplier;

/**
 * Ends the connections of a caller whose session of HTTP ends, by a logout or by time. Servers do
 * so themselves sometimes only.
 */
public final class HttpSessionWatch implements HttpSessionListener, HttpSessionIdListener {

    private final Supplier<Doors> doors;

    /**
     * Makes a listener.
     *
     * @param doors whose connections end
     */
    public HttpSessionWatch(Supplier<Doors> doors) {
        this.doors = doors;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        doors.get().connections().beginHttpSession(event.getSession().getId());
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        doors.get().connections().endHttpSession(event.getSession().getId());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String before) {
        doors.get().connections().renameHttpSession(before, event.getSession().getId());
    }
}
