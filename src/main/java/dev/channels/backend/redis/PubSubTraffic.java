package dev.channels.backend.redis;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Publication;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of {@code redis-pubsub} from one start to its stop. Apart from the methods of the
 * SPI, which hand over to the loop, everything is touched by the loop only.
 *
 * <p>Redis numbers nothing here, so this node does: an epoch for each start, and one counter for
 * all channels.
 */
final class PubSubTraffic implements Traffic {

    private final String prefix;
    private final BackendSink sink;
    private final Connector connector;
    private final Subscriptions subscriptions;
    private final PubSubPublisher publisher;
    private final String epoch = RandomId.text();
    private final Map<String, Subscribed> subscribed = new HashMap<>();
    private long offset;
    private @Nullable Link link;

    PubSubTraffic(RedisSettings settings, BackendSink sink) {
        prefix = settings.prefix() + "/";
        this.sink = sink;
        connector = new Connector(settings, sink, this);
        subscriptions = new Subscriptions(connector);
        publisher = new PubSubPublisher(connector, prefix);
    }

    /** A channel of this node, while Redis is away too. */
    private record Subscribed(
            String channel, Publishers publishers, CompletableFuture<Void> done) {}

    @Override
    public Connector connector() {
        return connector;
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return connector.call(done -> publisher.publish(batch, done));
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> channels) {
        return connector.call(
                done -> {
                    for (String channel : channels) {
                        subscribed.put(
                                prefix + channel, new Subscribed(channel, new Publishers(), done));
                    }
                    Link used = link;
                    if (used != null) {
                        request(used, names(channels), done);
                    }
                });
    }

    private void request(Link used, Set<String> names, CompletableFuture<Void> done) {
        subscriptions
                .request(true, names)
                .whenComplete(
                        (confirmed, failure) -> {
                            if (failure == null) {
                                done.complete(null);
                            } else if (RedisFailures.passes(failure)) {
                                // It takes effect with the next link.
                                connector.lose(used, failure);
                            } else {
                                names.forEach(subscribed::remove);
                                done.completeExceptionally(RedisFailures.unwrap(failure));
                            }
                        });
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> channels) {
        return connector.call(
                done -> {
                    Set<String> names = names(channels);
                    names.forEach(subscribed::remove);
                    if (link == null) {
                        done.complete(null);
                    } else {
                        subscriptions
                                .request(false, names)
                                .whenComplete((confirmed, failure) -> done.complete(null));
                    }
                });
    }

    private Set<String> names(Set<String> channels) {
        return channels.stream().map(prefix::concat).collect(Collectors.toSet());
    }

    @Override
    public CompletionStage<Void> restore(Link opened) {
        link = opened;
        subscriptions.use(opened);
        Set<CompletableFuture<Void>> waiting =
                subscribed.values().stream().map(Subscribed::done).collect(Collectors.toSet());
        return subscriptions
                .request(true, subscribed.keySet())
                .thenCompose(confirmed -> isMaster(opened))
                .thenRun(() -> waiting.forEach(done -> done.complete(null)));
    }

    @Override
    public void probe(Link probed) {
        isMaster(probed);
        subscriptions.ping();
    }

    /**
     * Ends a link to a node that has become a replica: what is published there reaches its own
     * subscribers only, and nothing fails. Where Redis does not tell, as some providers have it,
     * the answer shows at least that the node is there.
     *
     * @see <a href="https://redis.io/docs/latest/commands/role/">ROLE</a>
     */
    private CompletionStage<Void> isMaster(Link of) {
        CompletionStage<Void> answer =
                of.node()
                        .async()
                        .role()
                        .exceptionally(
                                failure -> {
                                    if (RedisFailures.passes(failure)) {
                                        throw new CompletionException(failure);
                                    }
                                    return List.of();
                                })
                        .thenAccept(
                                role -> {
                                    if (!role.isEmpty() && Text.of(role.get(0)).equals("slave")) {
                                        throw new CompletionException(
                                                new IOException("the node is a replica"));
                                    }
                                });
        return connector.guard(of, answer);
    }

    @Override
    public void lost(Throwable cause) {
        link = null;
        subscriptions.lost(cause);
    }

    @Override
    public void stopped(Throwable cause) {
        subscribed.values().forEach(channel -> channel.done.completeExceptionally(cause));
        subscribed.clear();
    }

    @Override
    public void message(String name, byte[] message) {
        Subscribed to = subscribed.get(name);
        if (to == null || PubSubMessage.isForeign(message)) {
            return;
        }
        if (to.publishers.isNew(
                PubSubMessage.publisher(message), PubSubMessage.sequence(message))) {
            sink.deliver(
                    new ChannelEvent(
                            to.channel,
                            new Position(epoch, ++offset),
                            message,
                            PubSubMessage.payloadSize(message)));
        }
    }

    @Override
    public void subscribed(String name, long count) {
        subscriptions.confirmed(name);
    }

    @Override
    public void unsubscribed(String name, long count) {
        subscriptions.confirmed(name);
    }
}
