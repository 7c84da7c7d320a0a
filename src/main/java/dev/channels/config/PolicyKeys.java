package dev.channels.config;

import dev.channels.spi.Key;
import java.util.List;

/** The keys of one policy, below {@code channels.policy.<id>.}. */
final class PolicyKeys {

    static final String PERMIT_ALL = "permit-all";
    static final String DENY_ALL = "deny-all";

    static final Key<List<String>> CHANNELS =
            Key.list("channels", "", "which channels it is about");

    static final Key<List<String>> SUBSCRIBE =
            Key.list("subscribe", PERMIT_ALL, "who may subscribe, at any door");

    static final Key<List<String>> PUBLISH =
            Key.list("publish", DENY_ALL, "who may publish from a client");

    static final Key<List<String>> PRESENCE =
            Key.list("presence", DENY_ALL, "who may ask who is there");

    static final Key<Boolean> JOIN_LEAVE =
            Key.flag("join-leave", false, "whether subscribers are told who comes and goes");

    static final Key<Boolean> RECOVER =
            Key.flag("recover", true, "whether clients get positions and may resume");

    static final Key<Boolean> TELEMETRY_CHANNEL_NAMES =
            Key.flag(
                    "telemetry-channel-names",
                    false,
                    "whether telemetry tells these channels apart");

    /** Read by the backend, as its own key of this name; so is the next one. */
    static final Key<String> HISTORY =
            Key.text("history", "", "how many events are kept of each of these channels");

    static final Key<String> RETENTION = Key.text("retention", "", "how long they are kept");

    /** All of them. */
    static final List<Key<?>> ALL =
            List.of(
                    CHANNELS,
                    SUBSCRIBE,
                    PUBLISH,
                    PRESENCE,
                    JOIN_LEAVE,
                    RECOVER,
                    TELEMETRY_CHANNEL_NAMES,
                    HISTORY,
                    RETENTION);

    private PolicyKeys() {}
}
