package dev.channels.bench.broker;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** XADD on one connection, blocking XREAD of all streams on another. */
final class LettuceStreams extends LettuceRoute {

    private final XAddArgs trimming;
    private final Map<String, String> positions = new LinkedHashMap<>();
    private volatile boolean closing;

    LettuceStreams(String uri, int channels, long history, boolean listening, Arrivals arrivals) {
        super(uri, listening, arrivals);
        trimming = XAddArgs.Builder.maxlen(history).approximateTrimming();
        if (listening) {
            IntStream.range(0, channels).forEach(i -> positions.put(name(i), "0"));
            Thread reader = new Thread(this::read, "bare-reader");
            reader.setDaemon(true);
            reader.start();
        }
    }

    @Override
    RedisFuture<String> send(int channel, byte[] payload) {
        return publisher().async().xadd(name(channel), trimming, "d", payload);
    }

    private void read() {
        try (StatefulRedisConnection<String, byte[]> connection = client().connect(CODEC)) {
            while (!closing) {
                for (StreamMessage<String, byte[]> message :
                        connection
                                .sync()
                                .xread(XReadArgs.Builder.block(1_000).count(1_000), offsets())) {
                    positions.put(message.getStream(), message.getId());
                    arrivals().event(ByteBuffer.wrap(message.getBody().get("d")));
                }
            }
        } catch (RedisException e) {
            if (!closing) {
                throw e;
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private StreamOffset<String>[] offsets() {
        return positions.entrySet().stream()
                .map(entry -> StreamOffset.from(entry.getKey(), entry.getValue()))
                .toArray(StreamOffset[]::new);
    }

    @Override
    public void close() throws Exception {
        closing = true;
        super.close();
    }
}
