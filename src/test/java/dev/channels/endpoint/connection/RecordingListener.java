package dev.channels.endpoint.connection;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what clients do. */
public final class RecordingListener implements ClientListener {

    /** In the order of the calls. */
    public final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void connected(NamedClient client) {
        told.add(client.caller().name() + " came");
    }

    @Override
    public void subscribed(NamedClient client, String channel) {
        told.add("subscribed " + channel);
    }

    @Override
    public void unsubscribed(NamedClient client, String channel) {
        told.add("unsubscribed " + channel);
    }

    @Override
    public void disconnected(NamedClient client, Ending why) {
        told.add(client.caller().name() + " left: " + (why == null ? null : why.reason()));
    }
}
