package dev.channels.backend.redis;

import dev.channels.spi.Publication;
import io.lettuce.core.pubsub.RedisPubSubListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What goes over a link. All methods are called on the one thread of the {@link Connector}, but for
 * what a backend is asked for, which may be on any.
 */
interface Traffic extends RedisPubSubListener<String, byte[]> {

    /** Returns what opens the links. */
    Connector connector();

    /** See {@link dev.channels.spi.ChannelsBackend#publish}. */
    CompletionStage<Void> publish(List<Publication> batch);

    /** See {@link dev.channels.spi.ChannelsBackend#subscribe}. */
    CompletionStage<Void> subscribe(Set<String> channels);

    /** See {@link dev.channels.spi.ChannelsBackend#unsubscribe}. */
    CompletionStage<Void> unsubscribe(Set<String> channels);

    /**
     * Takes a new link into use.
     *
     * @return completes when every subscription is in force again
     */
    CompletionStage<Void> restore(Link link);

    /**
     * Probes a link that is in use: sends something over each of its connections, and guards the
     * answer.
     */
    void probe(Link link);

    /** Says that the link given last must not be used any more. */
    void lost(Throwable cause);

    /** Says that no link will come any more. */
    void stopped(Throwable cause);

    @Override
    default void message(String pattern, String channel, byte[] message) {}

    @Override
    default void psubscribed(String pattern, long count) {}

    @Override
    default void punsubscribed(String pattern, long count) {}
}
