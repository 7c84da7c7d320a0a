package dev.channels.backend.redis.pubsub;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.backend.redis.command.ChannelTable;
import dev.channels.backend.redis.command.EventBytes;
import dev.channels.backend.redis.command.LinkTest;
import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.RedisRun;
import dev.channels.backend.redis.command.SubscribedChannel;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.backend.redis.connection.RedisFailures;
import dev.channels.backend.redis.connection.RedisSettings;
import dev.channels.backend.redis.presence.ClientBytes;
import dev.channels.backend.redis.presence.RedisPresence;
import dev.channels.spi.BackendSink;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.Publication;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The backend {@code redis-pubsub} from one start to its stop. Apart from the methods of the SPI,
 * which hand over to the loop, everything is touched by the loop only.
 *
 * <p>Redis numbers nothing here, so this node does: an epoch for each start, and one counter for
 * all channels.
 */
public final class PubSubRun implements RedisRun {

    /**
     * Redis cuts every subscriber with more than 32 MB waiting for it ({@code
     * client-output-buffer-limit pubsub}): a larger event would cut all nodes, each time it is
     * repeated. This leaves room for a few to wait.
     */
    public static final int MAX_PAYLOAD = 8 << 20;

    private final String prefix;
    private final BackendSink sink;
    private final Connector connector;
    private final ChannelTable<Subscribed> channels;
    private final PubSubPublisher publisher;
    private final UnsupportedFormats formats;
    private final LinkTest test;
    private final RedisPresence presence;
    private final String epoch = RandomId.text();
    private long offset;

    /** Of the link that there is, or that comes next. */
    private int linkNumber;

    /**
     * Makes a run that is not started.
     *
     * @param executor takes what is written to the log
     */
    public PubSubRun(RedisSettings settings, BackendSink sink, Executor executor) {
        formats = new UnsupportedFormats(executor);
        prefix = settings.prefix() + "/";
        this.sink = sink;
        connector = new Connector(settings, sink, this);
        channels =
                new ChannelTable<>(
                        connector,
                        prefix::concat,
                        (link, joining) -> CompletableFuture.completedStage(null));
        presence =
                new RedisPresence(connector, name -> prefix + "presence/" + name, prefix::concat);
        publisher = new PubSubPublisher(connector, prefix);
        test = new LinkTest(connector, channels.commands(), settings.prefix());
    }

    private record Subscribed(String name, Publishers publishers, CompletableFuture<Void> joined)
            implements SubscribedChannel {}

    @Override
    public Connector connector() {
        return connector;
    }

    @Override
    public ChannelPresence presence() {
        return presence;
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return connector.loop().call(done -> publisher.publish(batch, done));
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> names) {
        return channels.subscribe(
                names, (name, joined) -> new Subscribed(name, new Publishers(), joined));
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> names) {
        return channels.unsubscribe(names);
    }

    @Override
    public CompletionStage<Void> restore(Link opened) {
        channels.commands().use(opened);
        return isMaster(opened)
                .thenCompose(master -> connector.guard(opened, opened.health()))
                .thenCompose(healthy -> test.begin(opened))
                .thenCompose(passed -> channels.restore(opened));
    }

    @Override
    public void probe(Link probed) {
        isMaster(probed);
        connector.guard(probed, probed.health());
        channels.commands().ping();
        test.run(probed);
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
        linkNumber++;
        channels.lost(cause);
        test.lost();
    }

    @Override
    public void stopped(Throwable cause) {
        channels.stopped(cause);
    }

    @Override
    public void message(String name, byte[] message) {
        Subscribed to = channels.get(name);
        if (to == null) {
            test.received(name, message);
            return;
        }
        if (ClientBytes.isPush(message)) {
            RedisPresence.pushed(to.name, message, sink, formats);
            return;
        }
        int version = EventBytes.version(message);
        if (version == 0) {
            return;
        }
        if (version == EventBytes.VERSION) {
            deliver(to, message);
        } else {
            formats.met(to.name, Integer.toString(version));
            sink.gap(to.name);
        }
    }

    private void deliver(Subscribed to, byte[] message) {
        EventBytes event;
        try {
            event = PubSubMessage.decode(message);
        } catch (IllegalArgumentException e) {
            // Another program's, which looks like one of ours.
            return;
        }
        Publishers.Arrival arrival =
                to.publishers.take(
                        linkNumber,
                        PubSubMessage.publisher(message),
                        PubSubMessage.sequence(message),
                        PubSubMessage.predecessor(message, to.name));
        if (arrival == Publishers.Arrival.REPEATED) {
            return;
        }
        if (arrival == Publishers.Arrival.BEHIND_A_HOLE) {
            sink.gap(to.name);
        }
        sink.deliver(
                new ChannelEvent(
                        to.name,
                        new Position(epoch, ++offset),
                        message,
                        event.payload(),
                        event.headers()));
    }

    @Override
    public void subscribed(String name, long count) {
        channels.commands().confirmed(name);
    }

    @Override
    public void unsubscribed(String name, long count) {
        channels.commands().confirmed(name);
    }
}
