package dev.channels.internal.node;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How long a publish keeps its caller, whoever is subscribed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PublishBenchmark {

    @Param({"1", "100", "10000"})
    public int subscribers;

    /** How many events the subscribers may be behind; 0: the node is idle, and must be woken. */
    @Param({"0", "100"})
    public int behind;

    private BenchmarkNode node;

    @Setup
    public void setUp() {
        node = new BenchmarkNode(subscribers);
    }

    @TearDown
    public void tearDown() {
        node.close();
    }

    @Setup(Level.Invocation)
    public void awaitDelivered() {
        node.awaitDelivered(behind);
    }

    @Benchmark
    public void publish() {
        node.publish();
    }
}
