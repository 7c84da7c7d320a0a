package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.ChannelTable;
import dev.channels.backend.redis.command.LinkTest;
import dev.channels.backend.redis.command.RedisRun;
import dev.channels.backend.redis.command.Stages;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.backend.redis.presence.ClientBytes;
import dev.channels.backend.redis.presence.RedisPresence;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelLeases;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.Publication;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The backend {@code redis-streams} from one start to its stop.
 *
 * <p>Nodes do not poll streams, and do not block on them either: a blocking XREAD names all its
 * channels each time, so it costs Redis more the more channels a node has, and must be broken off
 * whenever they change; on Redis Cluster it would need a connection for each hash slot. Instead the
 * script that appends an event also pushes it with PUBLISH, which costs only those who listen. What
 * a push does not bring, because the connection was down or Redis restarted, the stream does: every
 * event names the one before, so each channel ({@link StreamChannel}) sees what it missed with the
 * next push, at the start of each link, or by a probe of the heads; the last is only a safety net
 * for pushes lost inside a cluster.
 *
 * <p>Apart from the methods of the SPI, which hand over to the loop, everything is touched by the
 * loop only.
 */
public final class StreamRun implements RedisRun {

    /** How many heads one command reads. */
    private static final int HEADS = 500;

    /** How much of what is pushed to channels before their turn is kept. */
    private static final long BUFFERED_BYTES = 8L << 20;

    private final StreamKeys keys;
    private final BackendSink sink;
    private final Connector connector;
    private final ChannelTable<StreamChannel> channels;
    private final StreamPublisher publisher;
    private final StreamScripts scripts;
    private final StreamReads reads;
    private final LinkTest test;
    private final RedisPresence presence;
    private final StreamLeases leases;
    private final UnsupportedFormats formats;
    private final PushBuffer.Room room = new PushBuffer.Room(BUFFERED_BYTES);
    private Iterator<StreamChannel> toProbe = List.<StreamChannel>of().iterator();

    /**
     * Makes a run that is not started.
     *
     * @param executor takes what is written to the log
     */
    public StreamRun(StreamSettings settings, BackendSink sink, Executor executor) {
        formats = new UnsupportedFormats(executor);
        keys = StreamKeys.of(settings);
        this.sink = sink;
        connector = new Connector(settings.redis(), sink, this);
        channels = new ChannelTable<>(connector, keys::push, this::resume);
        presence = new RedisPresence(connector, keys::presence, keys::push);
        leases = new StreamLeases(connector, keys);
        publisher = new StreamPublisher(connector, settings, keys);
        scripts = StreamScripts.load(keys, settings);
        test = new LinkTest(connector, channels.commands(), settings.redis().prefix());
        reads = new StreamReads(connector, scripts, formats, channels::has);
    }

    @Override
    public Connector connector() {
        return connector;
    }

    StreamScripts scripts() {
        return scripts;
    }

    @Override
    public ChannelPresence presence() {
        return presence;
    }

    /** Returns who holds which lease. */
    public ChannelLeases leases() {
        return leases;
    }

    @Override
    public CompletionStage<Void> publish(List<Publication> batch) {
        return connector.loop().call(done -> publisher.publish(batch, done));
    }

    @Override
    public CompletionStage<Void> subscribe(Set<String> names) {
        return channels.subscribe(
                names,
                (name, joined) ->
                        new StreamChannel(name, sink, formats, joined, new PushBuffer(room)));
    }

    @Override
    public CompletionStage<Void> unsubscribe(Set<String> names) {
        return channels.unsubscribe(names);
    }

    /** Deletes the streams of all channels; completes with how many there were. */
    public CompletionStage<Long> deleteStreams() {
        return connector
                .loop()
                .call(
                        done -> {
                            Link used = connector.connectedLink();
                            if (used == null) {
                                done.completeExceptionally(connector.away());
                            } else {
                                Stages.forward(
                                        new StreamDeletion(connector, keys, used).run(), done);
                            }
                        });
    }

    @Override
    public CompletionStage<Void> restore(Link opened) {
        reads.use(opened);
        channels.commands().use(opened);
        return test.begin(opened)
                .thenCompose(passed -> publisher.restore(opened))
                .thenCompose(restored -> channels.restore(opened));
    }

    /** Asks for the heads of channels whose pushes come, so that nothing falls in between. */
    private CompletionStage<Void> resume(Link used, List<StreamChannel> joining) {
        return heads(
                used,
                joining,
                (channel, epoch, head) -> {
                    if (head == null) {
                        refuse(channel, epoch);
                    } else if (channel.resume(epoch, head)) {
                        reads.add(channel);
                    }
                });
    }

    @Override
    public void probe(Link probed) {
        publisher.probe(probed);
        test.run(probed);
        if (!toProbe.hasNext()) {
            toProbe = channels.all().iterator();
        }
        List<StreamChannel> some = new ArrayList<>();
        while (toProbe.hasNext() && some.size() < HEADS) {
            some.add(toProbe.next());
        }
        if (some.isEmpty()) {
            connector.guard(probed, probed.node().async().ping());
        }
        List<Runnable> comparisons = new ArrayList<>();
        HeadTaker later =
                (channel, epoch, head) ->
                        comparisons.add(
                                () -> {
                                    if (head != null && channel.probed(epoch, head)) {
                                        reads.add(channel);
                                    }
                                });
        // What was pushed up to now comes before the answer to a later command: without it, a node
        // that is a little behind would take each push under way for a lost one.
        heads(probed, some, later)
                .thenCompose(known -> channels.commands().ping())
                .thenAccept(pong -> comparisons.forEach(Runnable::run));
    }

    @Override
    public void lost(Throwable cause) {
        channels.lost(cause);
        test.lost();
        reads.lost();
        channels.all().forEach(StreamChannel::lost);
    }

    @Override
    public void stopped(Throwable cause) {
        channels.stopped(cause);
    }

    /** The key of one head is of another type, for example: no matter of the other channels. */
    private void refuse(StreamChannel channel, String error) {
        RedisCommandExecutionException refusal = new RedisCommandExecutionException(error);
        if (channel.isJoining()) {
            channels.refuse(channel, UnsupportedFormats.explained(channel.name(), refusal));
        } else {
            formats.met(channel.name(), refusal);
            channel.unreadable();
        }
    }

    /** Takes the head of a channel; it is null, and the epoch an error, where Redis gave one. */
    private interface HeadTaker {
        void take(StreamChannel channel, String epoch, @Nullable StreamId head);
    }

    private CompletionStage<Void> heads(Link used, List<StreamChannel> of, HeadTaker taker) {
        Map<Integer, List<StreamChannel>> parts =
                of.stream().collect(Collectors.groupingBy(c -> keys.partition(c.name())));
        // One after the other: each is short, and has the time of one command.
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (List<StreamChannel> part : parts.values()) {
            for (int from = 0; from < part.size(); from += HEADS) {
                List<StreamChannel> some = part.subList(from, Math.min(part.size(), from + HEADS));
                List<String> names = some.stream().map(StreamChannel::name).toList();
                all =
                        all.thenCompose(
                                before ->
                                        connector
                                                .guard(used, scripts.heads(used, names))
                                                .thenAccept(reply -> take(some, reply, taker)));
            }
        }
        return all;
    }

    private void take(List<StreamChannel> of, List<Object> reply, HeadTaker taker) {
        for (int i = 0; i < of.size(); i++) {
            StreamChannel channel = of.get(i);
            if (channels.has(channel)) {
                long offset = (Long) reply.get(3 * i + 1);
                long stamp = (Long) reply.get(3 * i + 2);
                taker.take(
                        channel,
                        Text.of(reply.get(3 * i)),
                        offset < 0 ? null : new StreamId(offset, stamp));
            }
        }
    }

    @Override
    public void message(String name, byte[] message) {
        StreamChannel channel = channels.get(name);
        if (channel == null) {
            test.received(name, message);
            return;
        }
        if (ClientBytes.isPush(message)) {
            RedisPresence.pushed(channel.name(), message, sink, formats);
            return;
        }
        StreamPush push = StreamPush.decode(message);
        if (push != null && channel.pushed(push)) {
            reads.add(channel);
        }
    }

    /** Says that an event of a channel has a form that is unknown here. */
    void unreadable(String channel, StreamEntry entry) {
        formats.met(channel, Integer.toString(entry.version()));
    }

    /** Asks Redis something on behalf of a caller of the SPI. */
    <T, R> void ask(
            String channel,
            Function<Link, CompletionStage<T>> question,
            CompletableFuture<R> done,
            Consumer<T> then) {
        Link used = connector.connectedLink();
        if (used == null) {
            done.completeExceptionally(connector.away());
            return;
        }
        connector
                .guard(used, question.apply(used))
                .thenAccept(then)
                .exceptionally(
                        failure -> {
                            done.completeExceptionally(
                                    UnsupportedFormats.explained(channel, Causes.of(failure)));
                            return null;
                        });
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
