package dev.channels.bench.broker;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/** PUBLISH on one connection, SUBSCRIBE on another. */
final class LettucePubSub extends LettuceRoute {

    LettucePubSub(String uri, int channels, boolean listening, Arrivals arrivals) {
        super(uri, listening, arrivals);
        if (listening) {
            StatefulRedisPubSubConnection<String, byte[]> subscriber =
                    client().connectPubSub(CODEC);
            subscriber.addListener(
                    new RedisPubSubAdapter<>() {
                        @Override
                        public void message(String channel, byte[] message) {
                            arrivals.event(ByteBuffer.wrap(message));
                        }
                    });
            subscriber
                    .sync()
                    .subscribe(
                            IntStream.range(0, channels)
                                    .mapToObj(LettuceRoute::name)
                                    .toArray(String[]::new));
        }
    }

    @Override
    RedisFuture<Long> send(int channel, byte[] payload) {
        return publisher().async().publish(name(channel), payload);
    }
}
