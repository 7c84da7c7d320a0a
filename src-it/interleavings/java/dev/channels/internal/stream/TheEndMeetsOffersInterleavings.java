package dev.channels.internal.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A stream ends while events come: each is sent, counted as discarded or refused. */
@JCStressTest
@Outcome(
        id = "0, 1 end 1 close",
        expect = ACCEPTABLE,
        desc = "Every event is accounted for, and the end was told once.")
@Outcome(expect = FORBIDDEN, desc = "An event is gone, or the end was told never or twice.")
@State
public class TheEndMeetsOffersInterleavings {

    private final ObservedStream stream =
            new ObservedStream(ObservedStream.pool(), true).follows("a");
    private int accepted = stream.offer("a", 1);

    @Actor
    public void offers() {
        accepted += stream.offer("a", 2) + stream.offer("a", 3);
    }

    @Actor
    public void ends() {
        stream.mailbox.end(null);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = (accepted - stream.sentCount() - stream.notSent()) + stream.faults();
        result.r2 = stream.ends() + " end " + stream.closed() + " close";
    }
}
