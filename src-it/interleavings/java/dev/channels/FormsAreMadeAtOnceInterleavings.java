package dev.channels;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.function.Function;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads ask for one form of an event at once, and one of them for another form as well. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both got the objects that are kept.")
@Outcome(expect = FORBIDDEN, desc = "A form has two objects, or one was lost.")
@State
public class FormsAreMadeAtOnceInterleavings {

    private static final Function<ChannelEvent, Object> ONE = event -> new Object();
    private static final Function<ChannelEvent, Object> OTHER = event -> new Object();

    private final ChannelEvent event =
            new ChannelEvent("a", new Position("epoch", 1), new byte[] {'x'});
    private Object firstOfOne;
    private Object secondOfOne;
    private Object firstOfOther;

    @Actor
    public void asks() {
        firstOfOne = event.form(ONE);
    }

    @Actor
    public void asksForBoth() {
        firstOfOther = event.form(OTHER);
        secondOfOne = event.form(ONE);
    }

    @Arbiter
    public void look(ZZ_Result result) {
        result.r1 = firstOfOne == secondOfOne && event.form(ONE) == firstOfOne;
        result.r2 = event.form(OTHER) == firstOfOther;
    }
}
