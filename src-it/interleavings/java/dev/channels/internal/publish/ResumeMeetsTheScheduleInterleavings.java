package dev.channels.internal.publish;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.channels.spi.BrokerUnavailableException;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The broker is said to be back in the moment in which the delay is over. */
@JCStressTest
@Outcome(id = "112, true", expect = ACCEPTABLE, desc = "The batch was tried again once.")
@Outcome(expect = FORBIDDEN, desc = "The batch was tried again never, or twice at once.")
@State
public class ResumeMeetsTheScheduleInterleavings {

    private final ObservedLane lane = new ObservedLane();
    private final Runnable schedule;
    private final CompletableFuture<Void> last;

    public ResumeMeetsTheScheduleInterleavings() {
        lane.publish("1");
        lane.answer(new BrokerUnavailableException("The broker is away.", null));
        schedule = lane.scheduler.last();
        last = lane.publish("2");
    }

    @Actor
    public void resumes() {
        lane.lane.resume();
    }

    @Actor
    public void scheduled() {
        schedule.run();
    }

    @Arbiter
    public void look(LL_Result result) {
        lane.answerAll();
        result.r1 = lane.published();
        result.r2 = last.isDone() && !last.isCompletedExceptionally();
    }
}
