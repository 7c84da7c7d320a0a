package dev.channels.cdi;

import dev.channels.ChannelsPlugin;
import dev.channels.event.FromChannel;
import dev.channels.event.ToChannel;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.OpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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

/**
 * What an event costs in an application of CDI, from the publish to one who gets it: by the plugin
 * or by events of CDI, where nobody measures and where OpenTelemetry records.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ApplicationBenchmark {

    private static final String TEXT = "x".repeat(100);
    private static final int EVENTS = 1_000;
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final AtomicLong DELIVERED = new AtomicLong();

    /** Publish and callback of the plugin, or a fired event and an observer. */
    @Param({"plugin", "cdi"})
    public String by;

    @Param({"none", "metrics", "traces", "both"})
    public String telemetry;

    private Deployment deployment;
    private Runnable publish;
    private long published;

    /** Fires, and observes. */
    @ApplicationScoped
    public static class Beans {

        @Inject
        @ToChannel("fired")
        private Event<String> fired;

        void fire() {
            fired.fire(TEXT);
        }

        void observe(@ObservesAsync @FromChannel("fired") String text) {
            DELIVERED.incrementAndGet();
        }
    }

    /** Brings an OpenTelemetry that records and exports nothing. */
    @ApplicationScoped
    public static class Metrics {
        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return sdk(true, false);
        }
    }

    /** Likewise. */
    @ApplicationScoped
    public static class Traces {
        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return sdk(false, true);
        }
    }

    /** Likewise. */
    @ApplicationScoped
    public static class Both {
        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return sdk(true, true);
        }
    }

    private static OpenTelemetry sdk(boolean metrics, boolean traces) {
        OpenTelemetrySdkBuilder sdk =
                OpenTelemetrySdk.builder()
                        .setPropagators(
                                ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
        if (metrics) {
            sdk.setMeterProvider(
                    SdkMeterProvider.builder()
                            .registerMetricReader(InMemoryMetricReader.create())
                            .build());
        }
        if (traces) {
            sdk.setTracerProvider(SdkTracerProvider.builder().build());
        }
        return sdk.build();
    }

    @Setup
    public void setUp() {
        List<Class<?>> beans = new ArrayList<>(List.of(Beans.class));
        switch (telemetry) {
            case "metrics" -> beans.add(Metrics.class);
            case "traces" -> beans.add(Traces.class);
            case "both" -> beans.add(Both.class);
            default -> {}
        }
        deployment =
                Deployment.of(
                        new String[] {
                            "names=fired,published", "subscriber-max-backlog-bytes=100000000"
                        },
                        beans.toArray(Class<?>[]::new));
        deployment.get(ChannelsExtension.class).application().opened("/bench");
        DELIVERED.set(0);
        published = 0;
        ChannelsPlugin plugin = deployment.plugin();
        plugin.subscribe("published").runInBackground(event -> DELIVERED.incrementAndGet());
        publish =
                by.equals("cdi")
                        ? deployment.get(Beans.class)::fire
                        : () -> plugin.publish(TEXT, "published");
    }

    @TearDown
    public void tearDown() {
        awaitDelivered(0);
        deployment.close();
    }

    /** Publishes, and lets who gets it be behind by no more than that. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void deliver() {
        for (int i = 0; i < EVENTS; i++) {
            publish.run();
        }
        published += EVENTS;
        awaitDelivered(EVENTS);
    }

    /** Waits until all events are there but so many. */
    private void awaitDelivered(long but) {
        while (DELIVERED.get() < published - but) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
