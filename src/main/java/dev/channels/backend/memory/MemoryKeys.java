package dev.channels.backend.memory;

import dev.channels.spi.Key;
import java.time.Duration;
import java.util.List;

/** The keys of the backend. */
final class MemoryKeys {

    static final int MAX_EVENTS = 1_000_000;

    static final Key<Integer> HISTORY =
            Key.integer("history", "0", 0, MAX_EVENTS, "how many events each channel keeps");

    /** A sixteenth of a heap of 1 GiB. */
    static final Key<Long> HISTORY_MAX_BYTES =
            Key.number(
                    "history-max-bytes",
                    "67108864",
                    1,
                    Long.MAX_VALUE,
                    "how many bytes the events of all channels may take");

    static final Key<Duration> RETENTION =
            Key.duration(
                    "retention",
                    "1h",
                    "1ms",
                    "how long after its last event a channel without subscribers is forgotten");

    /** Those that a policy may have too. */
    static final List<Key<?>> OF_POLICIES = List.of(HISTORY, RETENTION);

    /** All of them. */
    static final List<Key<?>> ALL = List.of(HISTORY, HISTORY_MAX_BYTES, RETENTION);

    private MemoryKeys() {}
}
