package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.connection.Link;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Calls the scripts that read. */
record StreamScripts(StreamKeys keys, Duration headTtl, Script read, Script last, Script heads) {

    /** About how much one answer may hold. */
    private static final byte[] PAGE_BYTES = Text.bytes(1 << 20);

    static StreamScripts load(StreamKeys keys, Duration headTtl) {
        return new StreamScripts(
                keys,
                headTtl,
                Script.load(StreamScripts.class, "read.lua"),
                Script.load(StreamScripts.class, "last.lua"),
                Script.load(StreamScripts.class, "heads.lua"));
    }

    /**
     * Reads what follows a position.
     *
     * @param epoch the epoch of the position, or empty for the very beginning
     * @param seen whether a subscriber has got the event at the position
     */
    CompletionStage<StreamPage> read(
            Link link, String channel, String epoch, long offset, int limit, boolean seen) {
        return read.run(
                        link.keyed(),
                        List.of(keys.stream(channel), keys.head(channel)),
                        List.of(
                                Text.bytes(epoch),
                                Text.bytes(offset),
                                Text.bytes(limit),
                                PAGE_BYTES,
                                Text.bytes(seen ? 1 : 0)))
                .thenApply(reply -> StreamPage.of(channel, reply));
    }

    /** Reads the newest events before an offset, which may be empty, newest first. */
    CompletionStage<List<Object>> last(Link link, String channel, String before, int limit) {
        return last.run(
                link.keyed(),
                List.of(keys.stream(channel), keys.head(channel)),
                List.of(Text.bytes(before), Text.bytes(limit), PAGE_BYTES));
    }

    /** Reads where channels of one partition stand: epoch and offset, or error and -1, of each. */
    CompletionStage<List<Object>> heads(Link link, List<String> channels) {
        return heads.run(
                link.keyed(),
                channels.stream().map(keys::head).toList(),
                List.of(Text.bytes(headTtl.toMillis())));
    }
}
