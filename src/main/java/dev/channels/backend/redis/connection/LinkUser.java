package dev.channels.backend.redis.connection;

import io.lettuce.core.pubsub.RedisPubSubListener;
import java.util.concurrent.CompletionStage;

/** Uses one {@link Link} after the other. Every method is called on the {@link RedisLoop}. */
public interface LinkUser extends RedisPubSubListener<String, byte[]> {

    /**
     * Takes a new link into use.
     *
     * @return completes when every subscription is in force again
     */
    CompletionStage<Void> restore(Link link);

    /**
     * Probes a link that is in use, whether it does what it is there for: sends something over each
     * of its connections, and guards the answers.
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
