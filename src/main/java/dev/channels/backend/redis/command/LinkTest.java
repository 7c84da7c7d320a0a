package dev.channels.backend.redis.command;

import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.backend.redis.connection.RedisFailures;
import dev.channels.spi.Causes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Tests a link by what it is there for: a message that this node publishes must come back over its
 * subscription. A PING does not tell: a node that has left its cluster, or is cut off from it,
 * answers, keeps its subscriptions, and hands nothing on. Touched by the loop only.
 *
 * <p>Where Redis does not allow the test, the link counts as good.
 */
public final class LinkTest {

    private final Connector connector;
    private final SubscribeCommands commands;
    private final String name;

    /** By what is published. */
    private final Map<String, CompletableFuture<Void>> awaited = new HashMap<>();

    private long published;
    private boolean allowed = true;

    /**
     * Makes a test.
     *
     * @param prefix what the name of its own Redis channel begins with
     */
    public LinkTest(Connector connector, SubscribeCommands commands, String prefix) {
        this.connector = connector;
        this.commands = commands;
        name = prefix + "/probe/" + RandomId.text();
    }

    /** Tests a new link; completes when it has passed. */
    public CompletionStage<Void> begin(Link link) {
        allowed = true;
        return unlessForbidden(commands.request(true, List.of(name)))
                .thenCompose(subscribed -> run(link));
    }

    /** Tests a link again; gives it up if it does not pass. */
    public CompletionStage<Void> run(Link link) {
        if (!allowed) {
            return CompletableFuture.completedStage(null);
        }
        List<CompletableFuture<Void>> passed = new ArrayList<>();
        for (var tester : link.testers()) {
            String token = Long.toString(++published);
            CompletableFuture<Void> arrived = new CompletableFuture<>();
            awaited.put(token, arrived);
            passed.add(
                    unlessForbidden(
                                    connector.guard(
                                            link, tester.async().publish(name, Text.bytes(token))))
                            .thenCompose(
                                    taken ->
                                            allowed
                                                    ? arrived
                                                    : CompletableFuture.completedFuture(null))
                            .whenComplete((done, failure) -> awaited.remove(token))
                            .toCompletableFuture());
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(passed.toArray(CompletableFuture<?>[]::new));
        return connector.guard(link, "message of its own", all);
    }

    private CompletionStage<Void> unlessForbidden(CompletionStage<?> command) {
        return command.handle(
                (answer, failure) -> {
                    if (failure != null && RedisFailures.passes(failure)) {
                        throw new CompletionException(Causes.of(failure));
                    }
                    allowed &= failure == null;
                    return null;
                });
    }

    /** Takes a message that is not for a channel; does nothing if it is not of this test. */
    public void received(String from, byte[] message) {
        CompletableFuture<Void> arrived = from.equals(name) ? awaited.get(Text.of(message)) : null;
        if (arrived != null) {
            arrived.complete(null);
        }
    }

    /** Says that the link is gone. */
    public void lost() {
        awaited.clear();
    }
}
