package dev.channels.internal.node;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Deliveries per second in this JVM, from the publish to the callbacks of the subscribers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FanOutBenchmark {

    private static final int DELIVERIES = 10_000;

    @Param({"1", "100", "10000"})
    public int subscribers;

    private BenchmarkNode node;

    @Setup
    public void setUp() {
        node = new BenchmarkNode(subscribers);
    }

    @TearDown
    public void tearDown() {
        node.close();
    }

    /** Publishes, and lets the subscribers be behind by no more than that. */
    @Benchmark
    @OperationsPerInvocation(DELIVERIES)
    public void deliver() {
        int events = DELIVERIES / subscribers;
        for (int i = 0; i < events; i++) {
            node.publish();
        }
        node.awaitDelivered(events);
    }
}
