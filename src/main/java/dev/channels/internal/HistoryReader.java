package dev.channels.internal;

import dev.channels.ChannelEvent;
import dev.channels.ErrorCode;
import dev.channels.internal.task.BackendCalls;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelsBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads the history of several channels from a backend that may keep none. */
final class HistoryReader {

    private final ChannelsBackend backend;

    HistoryReader(ChannelsBackend backend) {
        this.backend = backend;
    }

    /**
     * Reads the newest events of each channel.
     *
     * @param limit how many at most; negative for all, 0 for none
     * @return completes with the events of each channel, oldest first, in the order of the names;
     *     no channel where there is no history
     */
    CompletableFuture<Map<String, List<ChannelEvent>>> last(Set<String> names, int limit) {
        ChannelHistory history;
        try {
            history = limit == 0 ? null : backend.history().orElse(null);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failed(names, e));
        }
        return history == null
                ? CompletableFuture.completedFuture(Map.of())
                : last(history, names, limit);
    }

    private static CompletableFuture<Map<String, List<ChannelEvent>>> last(
            ChannelHistory history, Set<String> names, int limit) {
        Map<String, List<ChannelEvent>> slices = Collections.synchronizedMap(new LinkedHashMap<>());
        List<CompletableFuture<Void>> reads = new ArrayList<>(names.size());
        for (String name : names) {
            slices.put(name, List.of());
            reads.add(
                    BackendCalls.call(() -> history.last(name, limit))
                            .thenAccept(slice -> slices.put(name, slice.events()))
                            .toCompletableFuture());
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .handle((v, failure) -> read(slices, names, failure));
    }

    private static Map<String, List<ChannelEvent>> read(
            Map<String, List<ChannelEvent>> slices,
            Set<String> names,
            @Nullable Throwable failure) {
        if (failure != null) {
            throw failed(names, failure);
        }
        return slices;
    }

    private static RuntimeException failed(Set<String> names, Throwable failure) {
        return BackendCalls.failed(
                ErrorCode.HISTORY_FAILED,
                "The history of " + ChannelNames.printable(names) + " could not be read",
                failure);
    }
}
