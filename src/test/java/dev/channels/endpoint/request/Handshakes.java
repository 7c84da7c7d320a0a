package dev.channels.endpoint.request;

import dev.channels.Caller;
import dev.channels.test.FakeSession;
import org.jspecify.annotations.Nullable;

/** Handshakes without a filter, for tests of the doors behind it. */
public final class Handshakes {

    private Handshakes() {}

    public static Handshake of(
            String door, @Nullable String channel, Caller caller, @Nullable String httpSession) {
        return new Handshake(door, channel, caller, httpSession, "no note");
    }

    /** Lets a session in, as the filter does. */
    public static void letIn(FakeSession session, String door, @Nullable String channel) {
        of(door, channel, Caller.ANONYMOUS, null).putInto(session.userProperties);
    }
}
