package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Deletes the streams of a prefix: scans every master and unlinks what it finds, page by page.
 *
 * @see <a href="https://redis.io/docs/latest/commands/scan/">SCAN</a>
 */
record StreamDeletion(Connector connector, StreamKeys keys, Link link) {

    CompletionStage<Long> run() {
        return connector.guard(link, link.masters()).thenCompose(this::all);
    }

    private CompletionStage<Long> all(List<StatefulRedisConnection<String, byte[]>> masters) {
        CompletionStage<Long> deleted = CompletableFuture.completedStage(0L);
        for (StatefulRedisConnection<String, byte[]> master : masters) {
            deleted = deleted.thenCompose(count -> scan(master, ScanCursor.INITIAL, count));
        }
        return deleted;
    }

    private CompletionStage<Long> scan(
            StatefulRedisConnection<String, byte[]> master, ScanCursor cursor, long count) {
        ScanArgs args = ScanArgs.Builder.matches(keys.pattern()).limit(1000);
        return connector
                .guard(link, master.async().scan(cursor, args))
                .thenCompose(
                        page ->
                                unlink(page)
                                        .thenCompose(
                                                deleted ->
                                                        page.isFinished()
                                                                ? CompletableFuture.completedStage(
                                                                        count + deleted)
                                                                : scan(
                                                                        master,
                                                                        page,
                                                                        count + deleted)));
    }

    private CompletionStage<Long> unlink(KeyScanCursor<String> page) {
        List<String> found = page.getKeys().stream().filter(keys::isChannel).toList();
        if (found.isEmpty()) {
            return CompletableFuture.completedStage(0L);
        }
        long streams = found.stream().filter(keys::isStream).count();
        return connector
                .guard(link, link.keyed().unlink(found.toArray(String[]::new)))
                .thenApply(unlinked -> streams);
    }
}
