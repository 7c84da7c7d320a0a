package dev.channels.console;

import dev.channels.spi.ChannelNames;
import java.util.Comparator;

/**
 * A client in a list.
 *
 * @param client who
 * @param backlog how many events waited for it
 */
record ClientRow(WatchedClient client, int backlog) {

    private static final Comparator<ClientRow> BY_CALLER =
            Comparator.comparing((ClientRow row) -> row.client.caller())
                    .thenComparing(row -> row.client.id());

    /** The oldest first. */
    private static final Comparator<ClientRow> BY_AGE =
            Comparator.comparingLong((ClientRow row) -> row.client.since())
                    .thenComparing(BY_CALLER);

    private static final Comparator<ClientRow> BY_BACKLOG =
            Comparator.comparingInt((ClientRow row) -> row.backlog)
                    .reversed()
                    .thenComparing(BY_CALLER);

    static ClientRow of(WatchedClient client) {
        return new ClientRow(client, client.backlog());
    }

    /** Returns the order that is asked for; by caller where it is none of ours. */
    static Comparator<ClientRow> order(String name) {
        return switch (name) {
            case "backlog" -> BY_BACKLOG;
            case "age" -> BY_AGE;
            default -> BY_CALLER;
        };
    }

    /** Tells whether the client, its door or one of its channels is looked for. */
    boolean matches(Search search) {
        return search.finds(client.caller())
                || search.finds(client.id())
                || search.finds(client.door())
                || client.channels().stream().anyMatch(search::finds);
    }

    /** Returns what it is called in the log. */
    static String nameOf(WatchedClient client) {
        String caller = client.caller();
        return client.id()
                + (caller.isEmpty() ? "" : " of '" + ChannelNames.printable(caller) + "'");
    }
}
