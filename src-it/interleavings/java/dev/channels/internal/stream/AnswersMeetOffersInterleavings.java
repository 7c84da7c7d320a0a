package dev.channels.internal.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A window of one send closes and opens while events come: neither side waits for the other. */
@JCStressTest
@Outcome(id = "123", expect = ACCEPTABLE, desc = "All were sent, in order.")
@Outcome(expect = FORBIDDEN, desc = "An event stays behind, or two sends were in flight.")
@State
public class AnswersMeetOffersInterleavings {

    private final ObservedStream stream =
            new ObservedStream(ObservedStream.pool(), false).follows("a");

    public AnswersMeetOffersInterleavings() {
        stream.offer("a", 1);
    }

    @Actor
    public void offers() {
        stream.offer("a", 2);
        stream.offer("a", 3);
    }

    @Actor
    public void answers() {
        stream.answer();
        stream.answer();
    }

    @Arbiter
    public void look(L_Result result) {
        while (stream.answer()) {
            // The next send comes with the answer to the one before.
        }
        result.r1 = stream.seen("a");
    }
}
