package dev.channels.internal.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.channels.internal.task.DrainPool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two streams become ready on a pool that may run one task: it serves both. */
@JCStressTest
@Outcome(id = "12, 12", expect = ACCEPTABLE, desc = "All were sent, in order.")
@Outcome(expect = FORBIDDEN, desc = "A stream was queued and never served.")
@State
public class StreamsShareAPoolInterleavings {

    private final DrainPool pool = ObservedStream.pool();
    private final ObservedStream one = new ObservedStream(pool, true).follows("a");
    private final ObservedStream other = new ObservedStream(pool, true).follows("b");

    @Actor
    public void one() {
        one.offer("a", 1);
        one.offer("a", 2);
    }

    @Actor
    public void other() {
        other.offer("b", 1);
        other.offer("b", 2);
    }

    @Arbiter
    public void look(LL_Result result) {
        result.r1 = one.seen("a");
        result.r2 = other.seen("b");
    }
}
