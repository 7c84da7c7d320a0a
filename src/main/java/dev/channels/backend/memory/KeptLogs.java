package dev.channels.backend.memory;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The logs that keep events and are forgotten after the same time, the one published to longest ago
 * first. Used by the publisher only.
 */
final class KeptLogs {

    private final long unusedNanos;
    private final Map<String, ChannelLog> logs = new LinkedHashMap<>(16, 0.75f, true);

    KeptLogs(long unusedNanos) {
        this.unusedNanos = unusedNanos;
    }

    /** Puts a log behind all others. */
    void used(ChannelLog log, long now) {
        log.usedAt(now);
        logs.put(log.channel(), log);
    }

    void remove(ChannelLog log) {
        logs.remove(log.channel());
    }

    /** Returns the log that was published to longest ago, or null if there is none. */
    @Nullable ChannelLog oldest() {
        Iterator<ChannelLog> oldestFirst = logs.values().iterator();
        return oldestFirst.hasNext() ? oldestFirst.next() : null;
    }

    /** Takes the logs out that nobody has published to, or followed, for long. */
    List<ChannelLog> takeUnused(long now, Predicate<String> followed) {
        List<ChannelLog> unused = new ArrayList<>();
        List<ChannelLog> stillUsed = new ArrayList<>();
        Iterator<ChannelLog> oldestFirst = logs.values().iterator();
        while (oldestFirst.hasNext()) {
            ChannelLog log = oldestFirst.next();
            if (now - log.usedAt() < unusedNanos) {
                break;
            }
            if (followed.test(log.channel())) {
                stillUsed.add(log);
            } else {
                oldestFirst.remove();
                unused.add(log);
            }
        }
        // To the end, so that the next look does not pass all of them again.
        stillUsed.forEach(log -> used(log, now));
        return unused;
    }
}
