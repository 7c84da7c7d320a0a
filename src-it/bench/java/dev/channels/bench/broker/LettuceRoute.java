package dev.channels.bench.broker;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;

/** The bare client: commands are pipelined and flushed batch by batch. */
abstract class LettuceRoute implements Route {

    static final RedisCodec<String, byte[]> CODEC =
            RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> publisher;
    private final boolean listening;
    private final Arrivals arrivals;

    LettuceRoute(String uri, boolean listening, Arrivals arrivals) {
        client = RedisClient.create(uri);
        publisher = client.connect(CODEC);
        publisher.setAutoFlushCommands(false);
        this.listening = listening;
        this.arrivals = arrivals;
    }

    final RedisClient client() {
        return client;
    }

    final StatefulRedisConnection<String, byte[]> publisher() {
        return publisher;
    }

    final Arrivals arrivals() {
        return arrivals;
    }

    static String name(int channel) {
        return "bare " + channel;
    }

    /** Sends the command for one event. */
    abstract RedisFuture<?> send(int channel, byte[] payload);

    @Override
    public final void publish(int channel, byte[] payload) {
        RedisFuture<?> answer = send(channel, payload);
        if (!listening) {
            var unused = answer.thenRun(arrivals::answer);
        }
    }

    @Override
    public final void flush() {
        publisher.flushCommands();
    }

    @Override
    public void close() throws Exception {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
