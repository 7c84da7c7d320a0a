package dev.channels.backend.redis.command;

import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sends SUBSCRIBE and UNSUBSCRIBE for many names, and PING, over one link, one command at a time
 * and in the order of the requests. Requests of one kind that wait are sent together.
 *
 * <p>One at a time, because Redis answers a SUBSCRIBE to n names with n messages, and Lettuce takes
 * the first of them for the answer to the whole command, and the others for those to the commands
 * that follow. Touched by the loop only.
 *
 * @see <a href="https://redis.io/docs/latest/commands/subscribe/">SUBSCRIBE</a>
 */
public final class SubscribeCommands {

    private static final int BATCH = 500;

    private final Connector connector;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final Set<String> unanswered = new HashSet<>();
    private List<Request> sent = List.of();
    private CompletableFuture<Void> answered = new CompletableFuture<>();
    private @Nullable Link link;

    public SubscribeCommands(Connector connector) {
        this.connector = connector;
    }

    private enum Kind {
        SUBSCRIBE,
        UNSUBSCRIBE,
        PING
    }

    private record Request(
            Kind kind, boolean alone, List<String> names, CompletableFuture<Void> done) {}

    /** Takes a new link into use, on which nothing is subscribed. */
    public void use(Link opened) {
        link = opened;
    }

    /** Fails what is under way: the link is gone. */
    public void lost(Throwable cause) {
        link = null;
        List<Request> failed = new ArrayList<>(sent);
        failed.addAll(waiting);
        sent = List.of();
        waiting.clear();
        unanswered.clear();
        failed.forEach(request -> request.done.completeExceptionally(cause));
    }

    /** Completes when Redis has confirmed every name. Needs a link. */
    public CompletionStage<Void> request(boolean subscribe, Collection<String> names) {
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        List<String> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += BATCH) {
            Request part =
                    new Request(
                            subscribe ? Kind.SUBSCRIBE : Kind.UNSUBSCRIBE,
                            false,
                            all.subList(from, Math.min(all.size(), from + BATCH)),
                            new CompletableFuture<>());
            waiting.add(part);
            parts.add(part.done);
        }
        sendNext();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    /** Completes when Redis has answered: all that it pushed before has come then. Needs a link. */
    public CompletionStage<Void> ping() {
        Request ping = new Request(Kind.PING, true, List.of(), new CompletableFuture<>());
        waiting.add(ping);
        sendNext();
        return ping.done;
    }

    /** Takes one confirmation. */
    public void confirmed(String name) {
        if (unanswered.remove(name) && unanswered.isEmpty()) {
            answered.complete(null);
        }
    }

    private void sendNext() {
        Request first = waiting.peek();
        Link used = link;
        if (!sent.isEmpty() || first == null || used == null) {
            return;
        }
        List<Request> together = new ArrayList<>();
        do {
            Request next = waiting.remove();
            together.add(next);
            unanswered.addAll(next.names);
        } while (fits(waiting.peek(), first));
        send(used, first.kind, together);
    }

    private boolean fits(@Nullable Request next, Request first) {
        return next != null
                && next.kind == first.kind
                && !next.alone
                && !first.alone
                && unanswered.size() + next.names.size() <= BATCH;
    }

    private void send(Link used, Kind kind, List<Request> together) {
        sent = together;
        CompletableFuture<Void> all = new CompletableFuture<>();
        answered = all;
        String[] names = unanswered.toArray(String[]::new);
        var commands = used.subscriber().async();
        CompletionStage<?> first =
                switch (kind) {
                    case SUBSCRIBE -> commands.subscribe(names);
                    case UNSUBSCRIBE -> commands.unsubscribe(names);
                    case PING -> commands.ping();
                };
        first.whenComplete(
                (answer, failure) -> {
                    if (failure != null) {
                        all.completeExceptionally(failure);
                    } else if (kind == Kind.PING) {
                        all.complete(null);
                    }
                });
        connector
                .guard(used, all)
                .whenComplete(
                        (done, failure) -> {
                            if (sent == together) {
                                sent = List.of();
                                unanswered.clear();
                                settle(together, failure);
                                sendNext();
                            }
                        });
    }

    /** Redis refuses a command as a whole: then each request is tried alone. */
    private void settle(List<Request> together, @Nullable Throwable failure) {
        if (failure == null) {
            together.forEach(request -> request.done.complete(null));
        } else if (together.size() == 1) {
            together.get(0).done.completeExceptionally(failure);
        } else {
            for (int i = together.size() - 1; i >= 0; i--) {
                Request again = together.get(i);
                waiting.addFirst(new Request(again.kind, true, again.names, again.done));
            }
        }
    }
}
