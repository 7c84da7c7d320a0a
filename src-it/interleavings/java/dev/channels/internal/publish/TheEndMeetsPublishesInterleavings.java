package dev.channels.internal.publish;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.channels.ChannelsException;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A lane is closed while something is published: it is refused, or the end waits for it. */
@JCStressTest
@Outcome(id = "12, true", expect = ACCEPTABLE, desc = "It was accepted and published.")
@Outcome(id = "1 refused, true", expect = ACCEPTABLE, desc = "It came too late.")
@Outcome(expect = FORBIDDEN, desc = "It was accepted and lost, or the lane is never empty.")
@State
public class TheEndMeetsPublishesInterleavings {

    private final ObservedLane lane = new ObservedLane();
    private CompletableFuture<Void> emptied;
    private String refused = "";

    public TheEndMeetsPublishesInterleavings() {
        lane.publish("1");
    }

    @Actor
    public void publishes() {
        try {
            lane.publish("2");
        } catch (ChannelsException e) {
            refused = " refused";
        }
        lane.answer(null);
    }

    @Actor
    public void closes() {
        emptied = lane.lane.close();
    }

    @Arbiter
    public void look(LL_Result result) {
        lane.answerAll();
        result.r1 = lane.published() + refused;
        result.r2 = emptied.isDone();
    }
}
