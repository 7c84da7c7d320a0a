package dev.channels.internal.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.channels.Joined;
import dev.channels.test.Events;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A channel's history is given while its live events come, one of which is in both. */
@JCStressTest
@Outcome(id = "j1234", expect = ACCEPTABLE, desc = "No hole, no duplicate, in order.")
@Outcome(expect = FORBIDDEN, desc = "The history does not join the live events.")
@State
public class HistoryMeetsLiveEventsInterleavings {

    private final ObservedStream stream = new ObservedStream(ObservedStream.pool(), true);
    private final FollowedChannel channel = stream.mailbox.follow("a", false);

    public HistoryMeetsLiveEventsInterleavings() {
        stream.offer("a", 2);
    }

    @Actor
    public void history() {
        Joined joined = new Joined("a", null, true, 3);
        stream.mailbox.give(channel, joined, Events.events("a", 1, 3), true, () -> {});
    }

    @Actor
    public void live() {
        stream.offer("a", 3);
        stream.offer("a", 4);
    }

    @Arbiter
    public void look(L_Result result) {
        result.r1 = stream.seen("a");
    }
}
