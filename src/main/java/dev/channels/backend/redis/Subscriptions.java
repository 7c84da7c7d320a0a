package dev.channels.backend.redis;

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
 * Sends SUBSCRIBE and UNSUBSCRIBE for many names over one link, one command at a time and in the
 * order of the requests. Requests of one kind that wait are sent together.
 *
 * <p>One at a time, because Redis answers a SUBSCRIBE to n names with n messages, and Lettuce takes
 * the first of them for the answer to the whole command. Touched by the loop only.
 *
 * @see <a href="https://redis.io/docs/latest/commands/subscribe/">SUBSCRIBE</a>
 */
final class Subscriptions {

    private static final int BATCH = 500;

    private final Connector connector;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final Set<String> unanswered = new HashSet<>();
    private List<Request> sent = List.of();
    private @Nullable Link link;

    Subscriptions(Connector connector) {
        this.connector = connector;
    }

    private record Request(
            boolean subscribe, boolean alone, List<String> names, CompletableFuture<Void> done) {}

    /** Takes a new link into use, on which nothing is subscribed. */
    void use(Link opened) {
        link = opened;
    }

    /** Fails what is under way: the link is gone. */
    void lost(Throwable cause) {
        link = null;
        List<Request> failed = new ArrayList<>(sent);
        failed.addAll(waiting);
        sent = List.of();
        waiting.clear();
        unanswered.clear();
        failed.forEach(request -> request.done.completeExceptionally(cause));
    }

    /** Completes when Redis has confirmed every name. Needs a link. */
    CompletionStage<Void> request(boolean subscribe, Collection<String> names) {
        List<CompletableFuture<Void>> parts = new ArrayList<>();
        List<String> all = List.copyOf(names);
        for (int from = 0; from < all.size(); from += BATCH) {
            Request part =
                    new Request(
                            subscribe,
                            false,
                            all.subList(from, Math.min(all.size(), from + BATCH)),
                            new CompletableFuture<>());
            waiting.add(part);
            parts.add(part.done);
        }
        sendNext();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    /** Takes one confirmation. */
    void confirmed(String name) {
        if (unanswered.remove(name) && unanswered.isEmpty()) {
            List<Request> done = sent;
            sent = List.of();
            done.forEach(request -> request.done.complete(null));
            sendNext();
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
        send(used, first.subscribe, together);
    }

    private boolean fits(@Nullable Request next, Request first) {
        return next != null
                && next.subscribe == first.subscribe
                && !next.alone
                && !first.alone
                && unanswered.size() + next.names.size() <= BATCH;
    }

    private void send(Link used, boolean subscribe, List<Request> together) {
        sent = together;
        String[] names = unanswered.toArray(String[]::new);
        var commands = used.subscriber().async();
        // Not guarded against a missing confirmation: the probes of the link notice that.
        connector
                .guard(used, subscribe ? commands.subscribe(names) : commands.unsubscribe(names))
                .whenComplete((answered, failure) -> refused(together, failure));
    }

    /** Redis refuses a command as a whole: then each request is tried alone. */
    private void refused(List<Request> together, @Nullable Throwable failure) {
        if (failure == null || sent != together) {
            return;
        }
        sent = List.of();
        unanswered.clear();
        if (together.size() == 1) {
            together.get(0).done.completeExceptionally(failure);
        } else {
            for (int i = together.size() - 1; i >= 0; i--) {
                Request again = together.get(i);
                waiting.addFirst(new Request(again.subscribe, true, again.names, again.done));
            }
        }
        sendNext();
    }
}
