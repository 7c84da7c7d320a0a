package dev.channels.backend.redis.presence;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Stages;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.spi.BackendSink;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.PresenceRejectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Keeps who is there from one start of a backend to its stop. Each channel is one hash, and all
 * that is done to it one run of a script, so that it needs one hash slot only.
 */
public final class RedisPresence implements ChannelPresence {

    /** So many scripts are under way at once. */
    private static final int AT_ONCE = 200;

    private static final Script SCRIPT = Script.load(RedisPresence.class, "presence.lua");

    private final Connector connector;
    private final UnaryOperator<String> keys;
    private final UnaryOperator<String> pushes;
    private final String node = RandomId.text();

    /**
     * Makes the presence of one run.
     *
     * @param keys makes the name of the hash of a channel
     * @param pushes makes the name of the Pub/Sub channel that its events come over
     */
    public RedisPresence(
            Connector connector, UnaryOperator<String> keys, UnaryOperator<String> pushes) {
        this.connector = connector;
        this.keys = keys;
        this.pushes = pushes;
    }

    /**
     * Takes a message that {@linkplain ClientBytes#isPush says} that a client came or went. That
     * one has come of a version which this node does not know is said once.
     *
     * @param channel the name of the channel
     * @param sink is told
     * @param formats says it
     */
    public static void pushed(
            String channel, byte[] message, BackendSink sink, UnsupportedFormats formats) {
        int version = ClientBytes.pushVersion(message);
        if (version != ClientBytes.PUSH_VERSION) {
            formats.met(channel, Integer.toString(version));
            return;
        }
        PresenceChange change = ClientBytes.push(channel, message);
        if (change != null) {
            sink.presenceChanged(change);
        }
    }

    @Override
    public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
        Map<String, List<byte[]>> arguments = new LinkedHashMap<>();
        for (PresenceChange change : changes) {
            List<byte[]> its =
                    arguments.computeIfAbsent(change.channel(), name -> new ArrayList<>());
            its.add(Text.bytes(change.entered() ? "+" : "-"));
            its.add(Text.bytes(change.client().id()));
            its.add(change.entered() ? ClientBytes.encode(node, change.client()) : new byte[0]);
        }
        return each("change", arguments, lifetime, (channel, reply) -> {});
    }

    @Override
    public CompletionStage<Set<String>> keepAlive(Map<String, Integer> clients, Duration lifetime) {
        Map<String, List<byte[]>> arguments = new LinkedHashMap<>();
        clients.forEach((channel, count) -> arguments.put(channel, List.of(Text.bytes(count))));
        // Touched by the loop only.
        Set<String> different = new HashSet<>();
        return each(
                        "keep",
                        arguments,
                        lifetime,
                        (channel, reply) -> {
                            if ((Long) reply.get(0) != 0) {
                                different.add(channel);
                            }
                        })
                .thenApply(done -> Set.copyOf(different));
    }

    @Override
    public CompletionStage<Void> replace(
            Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
        Map<String, List<byte[]>> arguments = new LinkedHashMap<>();
        clients.forEach(
                (channel, there) -> {
                    List<byte[]> its = new ArrayList<>();
                    for (PresentClient client : there) {
                        its.add(Text.bytes(client.id()));
                        its.add(ClientBytes.encode(node, client));
                    }
                    arguments.put(channel, its);
                });
        return each("replace", arguments, lifetime, (channel, reply) -> {});
    }

    @Override
    public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
        return ask("list", channel, limit)
                .thenApply(
                        values ->
                                values.stream()
                                        .map(value -> ClientBytes.decode((byte[]) value))
                                        .filter(Objects::nonNull)
                                        .toList());
    }

    @Override
    public CompletionStage<PresenceStatistics> statistics(String channel) {
        return ask("count", channel, 0)
                .thenApply(
                        counts ->
                                new PresenceStatistics(
                                        ((Long) counts.get(0)).intValue(),
                                        ((Long) counts.get(1)).intValue()));
    }

    private CompletionStage<List<Object>> ask(String what, String channel, int limit) {
        return connector
                .loop()
                .call(
                        done -> {
                            Link link = connector.connectedLink();
                            if (link == null) {
                                done.completeExceptionally(connector.away());
                                return;
                            }
                            List<byte[]> arguments = List.of(Text.bytes(limit));
                            Stages.forward(
                                    run(link, what, "", channel, arguments, Duration.ofMinutes(1)),
                                    done);
                        });
    }

    /**
     * Runs the script for each channel, whatever becomes of it in others; completes when all have
     * been answered, on the loop.
     */
    private CompletionStage<Void> each(
            String what,
            Map<String, List<byte[]>> arguments,
            Duration lifetime,
            BiConsumer<String, List<Object>> taker) {
        return connector
                .loop()
                .call(
                        done -> {
                            Link link = connector.connectedLink();
                            if (link == null) {
                                done.completeExceptionally(connector.away());
                                return;
                            }
                            // Touched by the loop only.
                            Map<String, Throwable> failures = new LinkedHashMap<>();
                            Function<Entry<String, List<byte[]>>, CompletionStage<Void>> one =
                                    its -> {
                                        String channel = its.getKey();
                                        return run(
                                                        link,
                                                        what,
                                                        node,
                                                        channel,
                                                        its.getValue(),
                                                        lifetime)
                                                .thenAccept(reply -> taker.accept(channel, reply))
                                                .exceptionally(
                                                        failure -> {
                                                            failures.put(
                                                                    channel, Causes.of(failure));
                                                            return null;
                                                        });
                                    };
                            Stages.forward(
                                    inParts(List.copyOf(arguments.entrySet()), one)
                                            .thenAccept(all -> rejectIfAny(failures)),
                                    done);
                        });
    }

    private static void rejectIfAny(Map<String, Throwable> failures) {
        for (Throwable failure : failures.values()) {
            if (failure instanceof BrokerUnavailableException away) {
                throw away;
            }
        }
        if (!failures.isEmpty()) {
            throw new PresenceRejectedException(failures);
        }
    }

    private static <T> CompletionStage<Void> inParts(
            List<T> all, Function<T, CompletionStage<Void>> task) {
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<T> part = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            done =
                    done.thenCompose(
                            before ->
                                    CompletableFuture.allOf(
                                            part.stream()
                                                    .map(it -> task.apply(it).toCompletableFuture())
                                                    .toArray(CompletableFuture<?>[]::new)));
        }
        return done;
    }

    private CompletionStage<List<Object>> run(
            Link link,
            String what,
            String as,
            String channel,
            List<byte[]> more,
            Duration lifetime) {
        List<byte[]> arguments = new ArrayList<>(4 + more.size());
        arguments.add(Text.bytes(what));
        arguments.add(Text.bytes(as));
        arguments.add(Text.bytes(lifetime.toMillis()));
        arguments.add(Text.bytes(pushes.apply(channel)));
        arguments.addAll(more);
        long bytes = more.stream().mapToLong(part -> part.length).sum();
        return connector
                .guard(
                        link,
                        bytes,
                        SCRIPT.run(link.keyed(), List.of(keys.apply(channel)), arguments))
                .exceptionally(
                        failure -> {
                            throw new CompletionException(
                                    UnsupportedFormats.explained(channel, Causes.of(failure)));
                        });
    }
}
