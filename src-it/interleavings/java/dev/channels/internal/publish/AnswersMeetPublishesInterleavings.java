package dev.channels.internal.publish;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The broker answers while more is published: the lane neither stops nor calls twice at once. */
@JCStressTest
@Outcome(id = "123, true", expect = ACCEPTABLE, desc = "All were published once, in order.")
@Outcome(expect = FORBIDDEN, desc = "A publish stays behind, comes twice or out of order.")
@State
public class AnswersMeetPublishesInterleavings {

    private final ObservedLane lane = new ObservedLane();
    private CompletableFuture<Void> last = lane.publish("1");

    @Actor
    public void publishes() {
        lane.publish("2");
        last = lane.publish("3");
    }

    @Actor
    public void answers() {
        lane.answer(null);
        lane.answer(null);
    }

    @Arbiter
    public void look(LL_Result result) {
        lane.answerAll();
        result.r1 = lane.published();
        result.r2 = last.isDone() && lane.lane.waitingPublishes() == 0;
    }
}
