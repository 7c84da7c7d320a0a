package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.RandomId;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.connection.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Calls the scripts that read, and the one that forgets what is to be read. */
record StreamScripts(
        StreamKeys keys,
        StreamSettings settings,
        Script read,
        Script last,
        Script heads,
        Script forget) {

    /** About how much one answer may hold. */
    private static final byte[] PAGE_BYTES = Text.bytes(1 << 20);

    /**
     * How long a channel that nobody has published to keeps its position, without subscribers: a
     * client that asks for it must not leave a key for ever.
     */
    static final byte[] EMPTY_HEAD_TTL = Text.bytes(Duration.ofDays(1).toMillis());

    /** Never used twice: a channel can begin several lives. */
    private static byte[] anotherEpoch() {
        return Text.bytes(RandomId.text());
    }

    static StreamScripts load(StreamKeys keys, StreamSettings settings) {
        return new StreamScripts(
                keys,
                settings,
                Script.load(StreamScripts.class, "read.lua"),
                Script.load(StreamScripts.class, "last.lua"),
                Script.load(StreamScripts.class, "heads.lua"),
                Script.load(StreamScripts.class, "forget.lua"));
    }

    /**
     * Reads what follows a position.
     *
     * @param epoch the epoch of the position, or empty for the very beginning
     * @param stamp the stamp of the event at the position, if a subscriber has got it, or empty
     */
    CompletionStage<StreamPage> read(
            Link link, String channel, String epoch, long offset, String stamp, int limit) {
        return read.run(
                        link.keyed(),
                        List.of(keys.stream(channel), keys.head(channel)),
                        List.of(
                                Text.bytes(epoch),
                                Text.bytes(offset),
                                Text.bytes(stamp),
                                Text.bytes(limit),
                                PAGE_BYTES,
                                anotherEpoch(),
                                EMPTY_HEAD_TTL))
                .thenApply(reply -> StreamPage.of(channel, reply));
    }

    /** Reads the newest events before an offset, which may be empty, newest first. */
    CompletionStage<List<Object>> last(Link link, String channel, String before, int limit) {
        return last.run(
                link.keyed(),
                List.of(keys.stream(channel), keys.head(channel)),
                List.of(
                        Text.bytes(before),
                        Text.bytes(limit),
                        PAGE_BYTES,
                        anotherEpoch(),
                        EMPTY_HEAD_TTL));
    }

    /**
     * Reads where channels of one partition stand: epoch, offset and stamp, or error, -1 and 0, of
     * each.
     */
    CompletionStage<List<Object>> heads(Link link, List<String> channels) {
        return heads.run(
                link.keyed(),
                channels.stream().map(keys::head).toList(),
                List.of(headTtls(channels), EMPTY_HEAD_TTL, anotherEpoch()));
    }

    /** Deletes the events of a channel, and begins another life of it. */
    CompletionStage<List<Object>> forget(Link link, String channel) {
        return forget.run(
                link.keyed(),
                List.of(keys.stream(channel), keys.head(channel)),
                List.of(anotherEpoch(), EMPTY_HEAD_TTL, Text.bytes(keys.push(channel))));
    }

    private byte[] headTtls(List<String> channels) {
        return Text.each(
                channels.stream().map(settings::retention).map(kept -> kept.headTtl().toMillis()));
    }
}
