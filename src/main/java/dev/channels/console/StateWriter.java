package dev.channels.console;

import dev.channels.ChannelsStatistics;
import dev.channels.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes what is to be seen, as JSON: how the node stands, and one page of a list. */
final class StateWriter {

    /** So many channels of a client are named; all are counted. */
    private static final int NAMED_CHANNELS = 8;

    private final ConsoleSource source;
    private final ConsoleClients clients;
    private final ChannelReadings channels;
    private final HistoryReadings histories;
    private final LongSupplier clock;

    /**
     * Makes a writer for all who look.
     *
     * @param clock nanoseconds, the one by which clients have come
     */
    StateWriter(ConsoleSource source, ConsoleClients clients, LongSupplier clock) {
        this.source = source;
        this.clients = clients;
        this.channels = new ChannelReadings(source, clock);
        this.histories = new HistoryReadings(source.history(), clock);
        this.clock = clock;
    }

    /** Writes a view of now. */
    String write(View view) {
        Json json = new Json().object();
        node(json, source.node());
        json.name("view").value(view.clients() ? "clients" : "channels");
        json.name("search").value(view.search());
        if (view.clients()) {
            clients(json, view);
        } else {
            channels(json, view);
        }
        return json.endObject().toString();
    }

    private void node(Json json, NodeReading node) {
        ChannelsStatistics counted = node.statistics();
        json.name("node").object();
        json.name("phase").value(node.phase());
        json.name("backend").value(node.backend());
        json.name("brokerUp").value(node.brokerUp());
        json.name("history").value(histories.isKept());
        json.name("answeredInMicros");
        if (histories.answeredIn() < 0) {
            json.none();
        } else {
            json.value(TimeUnit.NANOSECONDS.toMicros(histories.answeredIn()));
        }
        json.name("connections").value(node.connections());
        json.name("subscribers").value(counted.subscribers());
        json.name("published").value(counted.published());
        json.name("publishFailures").value(counted.publishFailures());
        json.name("waitingPublishes").value(counted.waitingPublishes());
        json.name("received").value(counted.received());
        json.name("dropped").value(counted.dropped());
        json.name("gaps").value(counted.gaps());
        json.name("refused").value(refused(counted));
        json.name("waitingEvents").value(node.waitingEvents());
        json.name("waitingBytes").value(node.waitingBytes());
        json.endObject();
    }

    private static long refused(ChannelsStatistics counted) {
        return counted.refusals().origin()
                + counted.refusals().identity()
                + counted.refusals().policy()
                + counted.refusals().limits();
    }

    // ---- Channels

    private void channels(Json json, View view) {
        Search search = new Search(view.search());
        Collection<ChannelRow> all = channels.rows();
        ArrayList<ChannelRow> found = new ArrayList<>();
        for (ChannelRow row : all) {
            if (search.finds(row.name())) {
                found.add(row);
            }
        }
        Page<ChannelRow> page =
                Page.of(found, ChannelRow.order(view.sort()), view.page(), view.size());
        page(json, page, all.size(), view.size());
        json.name("rows").array();
        page.rows().forEach(row -> channel(json, row));
        json.endArray();
    }

    private void channel(Json json, ChannelRow row) {
        HistoryReadings.Reading kept = histories.of(row.name());
        Position reached = row.reached();
        Position present = kept == null ? null : kept.position();
        Position newest = newest(reached, present);
        json.object();
        json.name("name").value(row.name());
        json.name("subscribers").value(row.subscribers());
        json.name("rate").value(row.rate());
        json.name("offset");
        if (newest == null) {
            json.none().name("epoch").none();
        } else {
            json.value(newest.offset()).name("epoch").value(newest.epoch());
        }
        json.name("kept");
        if (kept == null) {
            json.none();
        } else {
            json.value(kept.kept());
        }
        json.name("behind").value(behind(reached, present));
        json.endObject();
    }

    private static @Nullable Position newest(
            @Nullable Position reached, @Nullable Position present) {
        if (reached == null) {
            return present;
        }
        return present != null && present.isAfter(reached) ? present : reached;
    }

    /** Returns how many events of the broker this node has not had yet. */
    private static long behind(@Nullable Position reached, @Nullable Position present) {
        return reached != null && present != null && present.isAfter(reached)
                ? present.offset() - reached.offset()
                : 0;
    }

    // ---- Clients

    private void clients(Json json, View view) {
        Search search = new Search(view.search());
        ArrayList<ClientRow> found = new ArrayList<>();
        int all = 0;
        for (WatchedClient client : clients.all()) {
            all++;
            ClientRow row = ClientRow.of(client);
            if (row.matches(search)) {
                found.add(row);
            }
        }
        Page<ClientRow> page =
                Page.of(found, ClientRow.order(view.sort()), view.page(), view.size());
        page(json, page, all, view.size());
        json.name("rows").array();
        page.rows().forEach(row -> client(json, row));
        json.endArray();
    }

    private void client(Json json, ClientRow row) {
        WatchedClient client = row.client();
        Collection<String> followed = client.channels();
        json.object();
        json.name("id").value(client.id());
        json.name("caller").value(client.caller());
        json.name("door").value(client.door());
        json.name("backlog").value(row.backlog());
        json.name("ageSeconds")
                .value(TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong() - client.since()));
        json.name("followed").value(followed.size());
        json.name("channels").array();
        followed.stream().sorted().limit(NAMED_CHANNELS).forEach(json::value);
        json.endArray();
        json.endObject();
    }

    private static void page(Json json, Page<?> page, int all, int size) {
        json.name("page").value(page.number());
        json.name("pages").value(Math.max(1, (page.found() + size - 1) / size));
        json.name("found").value(page.found());
        json.name("all").value(all);
    }
}
