package dev.channels.internal.node;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to turn data into a payload, once per event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark {

    private final Jsonb jsonb = JsonbBuilder.create();
    private final PayloadEncoder encoder = new BinaryTextJsonEncoder(jsonb::toJson);
    private final byte[] bytes = new byte[100];
    private final String text = "x".repeat(100);
    private final String unicode = "ü".repeat(50);
    private final Reading reading = new Reading("oven", 180.5, 1_700_000_000_000L);

    /** An object as applications publish them. */
    public record Reading(String sensor, double celsius, long time) {}

    @TearDown
    public void tearDown() throws Exception {
        jsonb.close();
    }

    @Benchmark
    public byte[] bytes() {
        return encoder.encode(bytes);
    }

    @Benchmark
    public byte[] text() {
        return encoder.encode(text);
    }

    @Benchmark
    public byte[] textBeyondAscii() {
        return encoder.encode(unicode);
    }

    @Benchmark
    public byte[] json() {
        return encoder.encode(reading);
    }
}
