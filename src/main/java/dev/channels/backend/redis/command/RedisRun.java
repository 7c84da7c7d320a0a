package dev.channels.backend.redis.command;

import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.LinkUser;
import dev.channels.spi.ChannelPresence;
import dev.channels.spi.Publication;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A backend from one start to its stop. What a backend is asked for may come on any thread;
 * everything else is touched by the loop only.
 */
public interface RedisRun extends LinkUser {

    /** Returns what opens the links. */
    Connector connector();

    /** Returns what keeps who is there. */
    ChannelPresence presence();

    /** See {@link dev.channels.spi.ChannelsBackend#publish}. */
    CompletionStage<Void> publish(List<Publication> batch);

    /** See {@link dev.channels.spi.ChannelsBackend#subscribe}. */
    CompletionStage<Void> subscribe(Set<String> channels);

    /** See {@link dev.channels.spi.ChannelsBackend#unsubscribe}. */
    CompletionStage<Void> unsubscribe(Set<String> channels);
}
