package dev.channels.endpoint.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Settings of doors as tests want them: nobody is looked after, but for what is named. */
public final class DoorsFixture {

    private DoorsFixture() {}

    /** Everybody may do what everybody may by default. */
    public static DoorSettings settings(String allowedOrigins) {
        return new DoorSettings(
                Duration.ofHours(1),
                Duration.ZERO,
                List.of(allowedOrigins),
                false,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                new Policies(List.of()),
                new ClientChannels(Set.of(), true));
    }

    /** Everybody may ask who is there in any channel. */
    public static DoorSettings withPresence() {
        return settings(
                Duration.ofHours(1),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                new Policy(
                        List.of("*"),
                        Access.EVERYBODY,
                        Access.NOBODY,
                        Access.EVERYBODY,
                        false,
                        true));
    }

    /** Connections are looked at after this time. */
    public static DoorSettings settings(
            Duration sendTimeout, int max, int maxPerCaller, Policy... all) {
        return new DoorSettings(
                sendTimeout,
                Duration.ZERO,
                List.of("same-origin"),
                false,
                max,
                maxPerCaller,
                3,
                2,
                new Policies(Arrays.asList(all)),
                new ClientChannels(Set.of("news"), true));
    }
}
