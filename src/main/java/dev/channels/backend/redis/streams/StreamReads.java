package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the streams of channels that cannot go on with what is pushed, a few at a time: each answer
 * can be a megabyte. Touched by the loop only.
 */
final class StreamReads {

    private static final int AT_A_TIME = 8;

    private final Connector connector;
    private final StreamScripts scripts;
    private final UnsupportedFormats formats;
    private final Predicate<StreamChannel> subscribed;
    private final Queue<StreamChannel> waiting = new ArrayDeque<>();
    private int running;
    private @Nullable Link link;

    StreamReads(
            Connector connector,
            StreamScripts scripts,
            UnsupportedFormats formats,
            Predicate<StreamChannel> subscribed) {
        this.connector = connector;
        this.scripts = scripts;
        this.formats = formats;
        this.subscribed = subscribed;
    }

    void use(Link opened) {
        link = opened;
    }

    /** Forgets all reads: the next link begins anew. */
    void lost() {
        link = null;
        waiting.clear();
        running = 0;
    }

    void add(StreamChannel channel) {
        waiting.add(channel);
        next();
    }

    private void next() {
        Link used = link;
        while (used != null && running < AT_A_TIME && !waiting.isEmpty()) {
            StreamChannel channel = waiting.remove();
            if (subscribed.test(channel)) {
                running++;
                read(used, channel)
                        .whenComplete((page, failure) -> took(used, channel, page, failure));
            }
        }
    }

    private CompletionStage<StreamPage> read(Link used, StreamChannel channel) {
        return connector.guard(
                used,
                scripts.read(
                        used,
                        channel.name(),
                        channel.epoch(),
                        channel.last().offset(),
                        Long.toString(channel.last().stamp()),
                        -1));
    }

    private void took(
            Link used,
            StreamChannel channel,
            @Nullable StreamPage page,
            @Nullable Throwable failure) {
        if (link != used) {
            return;
        }
        running--;
        if (page != null && subscribed.test(channel) && channel.read(page)) {
            waiting.add(channel);
        } else if (failure != null) {
            formats.met(channel.name(), failure);
            channel.unreadable();
        }
        next();
    }
}
