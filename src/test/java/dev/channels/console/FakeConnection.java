package dev.channels.console;

import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import java.util.concurrent.Executor;

/** A connection of which only its name and its backlog are of interest. */
record FakeConnection(String id, int backlog) implements OpenConnection {

    @Override
    public Health look(long now, Executor asking) {
        return Health.FINE;
    }

    @Override
    public void giveUp(Ending ending) {}

    @Override
    public void close() {}

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public void terminate() {}
}
