package dev.channels.internal.stream;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelEvent;
import dev.channels.OfferResult;
import dev.channels.Position;
import dev.channels.internal.task.Counters;
import dev.channels.internal.task.DrainPool;
import dev.channels.internal.task.DrainPools;
import dev.channels.internal.task.TestLogs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What an event costs in the mailbox of one subscriber, from the offer to the callback. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MailboxBenchmark {

    private static final int BATCH = 64;

    private final ChannelEvent event =
            new ChannelEvent("c", new Position("epoch", 1), new byte[100]);
    private Mailbox mailbox;
    private boolean later;
    private Runnable task;

    @Setup
    public void setUp(Blackhole consumer) {
        DrainPool pool = new DrainPool(this::execute, new ScheduledThreadPoolExecutor(0), 1, 0);
        Limits limits =
                new Limits(1000, Long.MAX_VALUE, BacklogStrategy.DROPLEFT, Duration.ofSeconds(10));
        mailbox =
                new Mailbox(
                        limits,
                        new DrainPools(pool, pool),
                        new Counters(),
                        TestLogs.direct(),
                        () -> {});
        mailbox.give(mailbox.follow("c", false), null, List.of(), true, () -> {});
        mailbox.drainTo(consumer::consume);
    }

    private void execute(Runnable drain) {
        if (later) {
            task = drain;
        } else {
            drain.run();
        }
    }

    /** One event into an empty mailbox, and out of it. */
    @Benchmark
    public OfferResult offerAndDrain() {
        return mailbox.offer(event, dropped -> {});
    }

    /** Into a mailbox whose drain is late, and then all of them out of it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void offerManyAndDrain() {
        later = true;
        for (int i = 0; i < BATCH; i++) {
            mailbox.offer(event, dropped -> {});
        }
        later = false;
        task.run();
    }
}
