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

/** A channel is left and followed anew while the history of its first life is still given. */
@JCStressTest
@Outcome(id = "j12j9", expect = ACCEPTABLE, desc = "The history came before the channel was left.")
@Outcome(
        id = {"jj9", "j1j9"},
        expect = ACCEPTABLE,
        desc = "The channel was left in the midst of its history, the rest of which is left out.")
@Outcome(id = "j9", expect = ACCEPTABLE, desc = "The history came too late and was left out.")
@Outcome(expect = FORBIDDEN, desc = "History of one life of a channel came in the other.")
@State
public class LeavingMeetsHistoryInterleavings {

    private final ObservedStream stream = new ObservedStream(ObservedStream.pool(), true);
    private final FollowedChannel first = stream.mailbox.follow("a", false);

    @Actor
    public void history() {
        Joined joined = new Joined("a", null, true, 2);
        stream.mailbox.give(first, joined, Events.events("a", 1, 2), true, () -> {});
    }

    @Actor
    public void leavesAndComesBack() {
        stream.mailbox.leave("a");
        FollowedChannel second = stream.mailbox.follow("a", false);
        Joined joined = new Joined("a", null, true, 1);
        stream.mailbox.give(second, joined, Events.events("a", 9, 9), true, () -> {});
    }

    @Arbiter
    public void look(L_Result result) {
        result.r1 = stream.seen("a");
    }
}
