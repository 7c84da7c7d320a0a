package dev.channels.backend.redis.command;

import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.backend.redis.connection.RedisFailures;
import dev.channels.spi.Causes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a node is subscribed to, while Redis is away too. Keeps the subscriptions of
 * the link as the table says: what cannot be subscribed is unsubscribed again. Apart from {@link
 * #subscribe} and {@link #unsubscribe}, which hand over to the loop, touched by the loop only.
 *
 * @param <C> what is known of a channel
 */
public final class ChannelTable<C extends SubscribedChannel> {

    private final Connector connector;
    private final UnaryOperator<String> names;
    private final BiFunction<Link, List<C>, CompletionStage<Void>> join;
    private final SubscribeCommands commands;
    private final Map<String, C> channels = new HashMap<>();
    private @Nullable Link link;

    /**
     * Makes an empty table.
     *
     * @param names makes the name in Redis of the name of a channel
     * @param join what is to be done for channels whose messages come in from now on, before they
     *     count as joined
     */
    public ChannelTable(
            Connector connector,
            UnaryOperator<String> names,
            BiFunction<Link, List<C>, CompletionStage<Void>> join) {
        this.connector = connector;
        this.names = names;
        this.join = join;
        commands = new SubscribeCommands(connector);
    }

    /** Returns what sends the commands. */
    public SubscribeCommands commands() {
        return commands;
    }

    /** Returns the channel of a name in Redis, or null if this node is not subscribed to it. */
    public @Nullable C get(String nameInRedis) {
        return channels.get(nameInRedis);
    }

    /** Returns all channels as they are now. */
    public List<C> all() {
        return List.copyOf(channels.values());
    }

    /** Whether a channel is still what the table has for its name. */
    public boolean has(C channel) {
        return channels.get(names.apply(channel.name())) == channel;
    }

    /** See {@link dev.channels.spi.ChannelsBackend#subscribe}. */
    public CompletionStage<Void> subscribe(
            Set<String> added, BiFunction<String, CompletableFuture<Void>, C> entry) {
        return connector
                .loop()
                .call(
                        done -> {
                            List<C> joining = new ArrayList<>();
                            for (String name : added) {
                                C channel = entry.apply(name, done);
                                channels.put(names.apply(name), channel);
                                joining.add(channel);
                            }
                            Link used = link;
                            if (used != null) {
                                joinNow(used, joining, done);
                            }
                        });
    }

    private void joinNow(Link used, List<C> joining, CompletableFuture<Void> done) {
        join(used, joining)
                .whenComplete(
                        (joined, failure) -> {
                            if (failure == null) {
                                done.complete(null);
                            } else if (RedisFailures.passes(failure)) {
                                // It takes effect with the next link.
                                connector.lose(used, failure);
                            } else {
                                remove(joining);
                                done.completeExceptionally(Causes.of(failure));
                            }
                        });
    }

    private CompletionStage<Void> join(Link used, List<C> joining) {
        return commands.request(true, namesOf(joining))
                .thenCompose(subscribed -> join.apply(used, joining));
    }

    /** Fails all that was to be subscribed together with a channel: none of it is then. */
    public void refuse(C channel, Throwable reason) {
        remove(all().stream().filter(other -> other.joined() == channel.joined()).toList());
        channel.joined().completeExceptionally(reason);
    }

    private void remove(List<C> refused) {
        List<C> removed = refused.stream().filter(this::has).toList();
        drop(removed);
        if (link != null) {
            commands.request(false, namesOf(removed));
        }
    }

    private void drop(List<C> removed) {
        for (C channel : removed) {
            channels.remove(names.apply(channel.name()));
            channel.removed();
        }
    }

    private Set<String> namesOf(Collection<C> some) {
        return some.stream().map(C::name).map(names).collect(Collectors.toSet());
    }

    /** See {@link dev.channels.spi.ChannelsBackend#unsubscribe}. */
    public CompletionStage<Void> unsubscribe(Set<String> ended) {
        return connector
                .loop()
                .call(
                        done -> {
                            Set<String> inRedis =
                                    ended.stream().map(names).collect(Collectors.toSet());
                            drop(
                                    inRedis.stream()
                                            .map(channels::get)
                                            .filter(Objects::nonNull)
                                            .toList());
                            if (link == null) {
                                done.complete(null);
                            } else {
                                commands.request(false, inRedis)
                                        .whenComplete((gone, failure) -> done.complete(null));
                            }
                        });
    }

    /** Takes a new link into use; completes when all channels are joined. */
    public CompletionStage<Void> restore(Link opened) {
        link = opened;
        commands.use(opened);
        List<C> all = all();
        return join(opened, all)
                .thenRun(() -> all.forEach(channel -> channel.joined().complete(null)));
    }

    /** Says that the link is gone. */
    public void lost(Throwable cause) {
        link = null;
        commands.lost(cause);
    }

    /** Says that no link will come any more. */
    public void stopped(Throwable cause) {
        channels.values().forEach(channel -> channel.joined().completeExceptionally(cause));
        channels.clear();
    }
}
