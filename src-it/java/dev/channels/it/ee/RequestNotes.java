package dev.channels.it.ee;

import jakarta.enterprise.context.RequestScoped;

@RequestScoped
public class RequestNotes {

    private int count;

    public int count() {
        return ++count;
    }
}
