package dev.channels.internal.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two threads offer while the drain falls asleep and wakes: no wake-up is lost. */
@JCStressTest
@Outcome(id = "12, 12", expect = ACCEPTABLE, desc = "All were sent, in order.")
@Outcome(expect = FORBIDDEN, desc = "An event stays behind, comes twice or out of order.")
@State
public class OffersMeetTheDrainInterleavings {

    private final ObservedStream stream =
            new ObservedStream(ObservedStream.pool(), true).follows("a").follows("b");

    @Actor
    public void one() {
        stream.offer("a", 1);
        stream.offer("a", 2);
    }

    @Actor
    public void other() {
        stream.offer("b", 1);
        stream.offer("b", 2);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = stream.seen("a");
        result.r2 = stream.seen("b");
    }
}
