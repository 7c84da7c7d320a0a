package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.Caller;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.connection.Ending;
import dev.channels.endpoint.connection.OpenConnection;
import dev.channels.endpoint.request.Handshake;
import dev.channels.event.FromChannel;
import dev.channels.test.LogCapture;
import dev.channels.test.RecordingSender;
import dev.channels.test.Threads;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Produces;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.metrics.Histogram;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry is shown of an application. */
class TelemetryTest {

    private static final AttributeKey<String> REASON = AttributeKey.stringKey("channels.reason");
    private static final AttributeKey<String> DOOR = AttributeKey.stringKey("channels.door");

    private static InMemoryMetricReader reader = InMemoryMetricReader.create();

    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    /** As MicroProfile Telemetry brings it. */
    @ApplicationScoped
    public static class Sdk {
        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return OpenTelemetrySdk.builder()
                    .setMeterProvider(
                            SdkMeterProvider.builder().registerMetricReader(reader).build())
                    .setTracerProvider(
                            SdkTracerProvider.builder()
                                    .addSpanProcessor(SimpleSpanProcessor.create(SPANS))
                                    .build())
                    .setPropagators(
                            ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                    .build();
        }
    }

    /** As Payara has it for metrics. */
    @ApplicationScoped
    public static class Nothing {
        @Produces
        @ApplicationScoped
        OpenTelemetry telemetry() {
            return OpenTelemetry.noop();
        }
    }

    @BeforeEach
    void readAnew() {
        reader = InMemoryMetricReader.create();
        SPANS.reset();
    }

    private static Map<String, MetricData> metrics() {
        return reader.collectAllMetrics().stream()
                .collect(Collectors.toMap(MetricData::getName, metric -> metric));
    }

    private static long value(String name) {
        return metrics().get(name).getData().getPoints().stream()
                .mapToLong(point -> ((LongPointData) point).getValue())
                .sum();
    }

    private static Deployment opened(Class<?>... classes) {
        return opened(
                new String[] {"names=news", "create-ws-route-handlers=true", "memory.history=10"},
                classes);
    }

    private static Deployment opened(String[] properties, Class<?>... classes) {
        Deployment it = Deployment.of(properties, classes);
        it.get(ChannelsExtension.class).application().opened("/app");
        return it;
    }

    @Test
    void countersAreThoseOfTheStatistics() {
        try (Deployment it = opened(Sdk.class)) {
            var subscriber = it.plugin().subscribe("news");
            it.plugin().waitPublished("1", "news").toCompletableFuture().join();
            it.plugin().waitPublished("2", "news").toCompletableFuture().join();
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(value("messaging.client.sent.messages")).isEqualTo(2);
                                assertThat(value("messaging.client.consumed.messages"))
                                        .isEqualTo(2);
                                assertThat(value("channels.backlog.events")).isEqualTo(2);
                            });
            assertThat(value("channels.backlog.size")).isGreaterThan(2);
            assertThat(value("channels.subscribers")).isEqualTo(1);
            assertThat(value("channels.broker.up")).isEqualTo(1);
            assertThat(value("channels.presence.clients")).isZero();
            it.plugin().unsubscribe(subscriber);
        }
    }

    @Test
    void publishesAreTimedAndBatchesCounted() {
        try (Deployment it = opened(Sdk.class)) {
            it.plugin().waitPublished("1", "news").toCompletableFuture().join();
            Map<String, MetricData> metrics = metrics();
            MetricData duration = metrics.get("messaging.client.operation.duration");
            assertThat(duration.getUnit()).isEqualTo("s");
            HistogramPointData taken = duration.getHistogramData().getPoints().iterator().next();
            assertThat(taken.getCount()).isEqualTo(1);
            assertThat(taken.getSum()).isBetween(0.0, Threads.PATIENCE.toSeconds() * 1.0);
            assertThat(taken.getAttributes().asMap())
                    .containsEntry(AttributeKey.stringKey("messaging.system"), "memory")
                    .containsEntry(AttributeKey.stringKey("messaging.operation.name"), "publish");
            assertThat(metrics.get("channels.publish.batch.size").getHistogramData().getPoints())
                    .singleElement()
                    .satisfies(batches -> assertThat(batches.getSum()).isEqualTo(1));
        }
    }

    private static long timed(String name) {
        MetricData metric = metrics().get(name);
        return metric == null
                ? 0
                : metric.getHistogramData().getPoints().stream()
                        .mapToLong(HistogramPointData::getCount)
                        .sum();
    }

    @Test
    void theWayFromTheBrokerToAClientIsTimed() {
        try (Deployment it = opened(Sdk.class)) {
            var subscriber = it.plugin().subscribe("news");
            subscriber.runInBackground(
                    new RecordingSender((event, completion) -> completion.sent()));
            it.plugin().waitPublished("1", "news").toCompletableFuture().join();
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(timed("channels.fan_out.duration")).isEqualTo(1);
                                assertThat(timed("channels.send.duration")).isEqualTo(1);
                            });
            Map<String, MetricData> metrics = metrics();
            for (String name : List.of("channels.fan_out.duration", "channels.send.duration")) {
                assertThat(metrics.get(name).getUnit()).isEqualTo("s");
                assertThat(metrics.get(name).getHistogramData().getPoints())
                        .singleElement()
                        .satisfies(
                                point ->
                                        assertThat(point.getAttributes().asMap())
                                                .containsEntry(
                                                        AttributeKey.stringKey("messaging.system"),
                                                        "memory"));
            }
            it.plugin().unsubscribe(subscriber);
        }
    }

    @Test
    void connectionsAndRefusalsAreToldApartAndNoChannelIsNamed() {
        try (Deployment it = opened(Sdk.class)) {
            Doors doors = it.get(ChannelsExtension.class).application().doors().shared();
            doors.connections()
                    .add(
                            new Connection(),
                            new Handshake("plain", "news", Caller.ANONYMOUS, null, "no note"));
            doors.refusals().limit();
            Map<String, MetricData> metrics = metrics();
            assertThat(metrics.get("channels.connections").getLongSumData().getPoints())
                    .singleElement()
                    .satisfies(
                            point -> {
                                assertThat(point.getAttributes().get(DOOR)).isEqualTo("plain");
                                assertThat(point.getValue()).isEqualTo(1);
                            });
            assertThat(metrics.get("channels.clients.refused").getLongSumData().getPoints())
                    .hasSize(4)
                    .filteredOn(point -> point.getValue() == 1)
                    .singleElement()
                    .satisfies(
                            point ->
                                    assertThat(point.getAttributes().get(REASON))
                                            .isEqualTo("limits"));
            metrics.values()
                    .forEach(
                            metric ->
                                    metric.getData()
                                            .getPoints()
                                            .forEach(
                                                    point ->
                                                            assertThat(
                                                                            point.getAttributes()
                                                                                    .asMap())
                                                                    .doesNotContainValue("news")));
        }
    }

    // ---- Names of channels

    private static final AttributeKey<String> DESTINATION =
            AttributeKey.stringKey("messaging.destination.name");

    private static final String[] NAMED = {
        "names=news,stock,order-*",
        "arbitrary-channels-allowed=true",
        "policy.desk.channels=news,order-*",
        "policy.desk.telemetry-channel-names=true",
        "policy.users.channels=#*",
        "policy.users.telemetry-channel-names=true"
    };

    private static final List<String> ALL = List.of("news", "stock", "order-1", "#alice");

    /** One each, two to news, and one to two of them. */
    private static void publishToAll(Deployment it) {
        ALL.forEach(
                channel -> it.plugin().waitPublished("1", channel).toCompletableFuture().join());
        it.plugin().waitPublished("2", "news").toCompletableFuture().join();
        it.plugin().waitPublished("3", "news", "stock").toCompletableFuture().join();
    }

    private static Map<String, Long> byDestination(String name) {
        Map<String, Long> counts = new HashMap<>();
        for (PointData point : metrics().get(name).getData().getPoints()) {
            String destination = point.getAttributes().get(DESTINATION);
            long count =
                    point instanceof LongPointData number
                            ? number.getValue()
                            : ((HistogramPointData) point).getCount();
            counts.merge(destination == null ? "others" : destination, count, Long::sum);
        }
        return counts;
    }

    @Test
    void channelsThatAPolicyNamesAreToldApart() {
        try (Deployment it = Deployment.of(NAMED, Sdk.class)) {
            it.plugin().waitPublished("0", "news").toCompletableFuture().join();
            it.get(ChannelsExtension.class).application().opened("/app");
            var subscriber = it.plugin().subscribe(ALL, 0);
            publishToAll(it);
            Map<String, Long> published = Map.of("news", 2L, "order-1", 1L, "others", 3L);
            Map<String, Long> received = Map.of("news", 3L, "order-1", 1L, "others", 3L);
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(byDestination("messaging.client.operation.duration"))
                                        .isEqualTo(published);
                                assertThat(byDestination("channels.fan_out.duration"))
                                        .isEqualTo(received);
                                assertThat(byDestination("messaging.client.consumed.messages"))
                                        .isEqualTo(received);
                            });
            // And what was published before somebody looked.
            assertThat(byDestination("messaging.client.sent.messages"))
                    .isEqualTo(Map.of("news", 2L, "order-1", 1L, "others", 4L));
            assertThat(it.plugin().statistics().published()).isEqualTo(7);
            assertThat(byDestination("channels.publish.batch.size")).containsOnlyKeys("others");
            it.plugin().unsubscribe(subscriber);
        }
    }

    @Test
    void spansNameTheSameChannels() {
        try (Deployment it = opened(NAMED, Sdk.class)) {
            var subscriber = it.plugin().subscribe(ALL, 0);
            subscriber.runInBackground(event -> {});
            publishToAll(it);
            await().atMost(Threads.PATIENCE).until(() -> spans().size() == 6 + 7);
            assertThat(spans())
                    .filteredOn(span -> span.getName().equals("publish"))
                    .extracting(span -> span.getAttributes().get(DESTINATION))
                    .containsExactlyInAnyOrder("news", "order-1", "news", null, null, null);
            assertThat(spans())
                    .filteredOn(span -> span.getName().equals("process"))
                    .extracting(span -> span.getAttributes().get(DESTINATION))
                    .containsExactlyInAnyOrder("news", "news", "news", "order-1", null, null, null);
            it.plugin().unsubscribe(subscriber);
        }
    }

    private static List<SpanData> spans() {
        return SPANS.getFinishedSpanItems();
    }

    @Test
    void microProfileMetricsTellThemApartToo() {
        GAUGES.clear();
        try (Deployment it = opened(NAMED, Nothing.class, Registry.class)) {
            var subscriber = it.plugin().subscribe(ALL, 0);
            publishToAll(it);
            await().atMost(Threads.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(received("news")).isEqualTo(3L);
                                assertThat(received("order-1")).isEqualTo(1L);
                                assertThat(received("none")).isEqualTo(3L);
                            });
            assertThat(GAUGES)
                    .doesNotContainKeys(
                            gauge("consumed", "receive", "stock"),
                            gauge("consumed", "receive", "#alice"))
                    .containsKey(
                            "messaging_client_sent_messages {channels_application=/app,"
                                    + " error_type=none, messaging_destination_name=order-1,"
                                    + " messaging_operation_name=publish,"
                                    + " messaging_system=memory}");
            it.plugin().unsubscribe(subscriber);
            it.get(ChannelsExtension.class).application().stop();
            assertThat(GAUGES).isEmpty();
        }
    }

    private static Number received(String channel) {
        return GAUGES.get(gauge("consumed", "receive", channel)).get();
    }

    private static String gauge(String kind, String operation, String channel) {
        return "messaging_client_"
                + kind
                + "_messages {channels_application=/app, messaging_destination_name="
                + channel
                + ", messaging_operation_name="
                + operation
                + ", messaging_system=memory}";
    }

    // ---- Traces

    private static SpanData span(String name) {
        await().atMost(Threads.PATIENCE)
                .until(
                        () ->
                                SPANS.getFinishedSpanItems().stream()
                                        .anyMatch(span -> span.getName().equals(name)));
        return SPANS.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPublishAndWhatBecomesOfItAreLinked() {
        Map<String, String> seen = new ConcurrentHashMap<>();
        try (Deployment it = opened(Sdk.class)) {
            var subscriber = it.plugin().subscribe("news");
            subscriber.runInBackground(
                    event -> {
                        seen.put("span", Span.current().getSpanContext().getSpanId());
                        seen.putAll(event.headers());
                    });
            Tracer tracer = it.get(OpenTelemetry.class).getTracer("application");
            Span order = tracer.spanBuilder("order").startSpan();
            try (Scope scope = order.makeCurrent()) {
                assertThat(scope).isNotNull();
                it.plugin().publish("1", Map.of("mine", "yes"), List.of("news"));
            }
            order.end();
            SpanData publish = span("publish");
            assertThat(publish.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(publish.getParentSpanId()).isEqualTo(order.getSpanContext().getSpanId());
            assertThat(publish.getStatus()).isEqualTo(StatusData.unset());
            SpanData process = span("process");
            assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
            assertThat(process.getParentSpanContext().isValid()).isFalse();
            assertThat(process.getLinks())
                    .singleElement()
                    .satisfies(
                            link ->
                                    assertThat(link.getSpanContext().getSpanId())
                                            .isEqualTo(publish.getSpanId()));
            assertThat(seen)
                    .containsEntry("span", process.getSpanId())
                    .containsEntry("mine", "yes")
                    .containsKey("traceparent");
            it.plugin().unsubscribe(subscriber);
        }
    }

    @Test
    void whatFailsIsSaidSo() {
        try (Deployment it = opened(Sdk.class)) {
            var subscriber = it.plugin().subscribe("news");
            subscriber.runInBackground(
                    event -> {
                        throw new IllegalStateException("for a test");
                    });
            it.plugin().publish("1", "news");
            SpanData process = span("process");
            assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(process.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("java.lang.IllegalStateException");
            it.plugin().unsubscribe(subscriber);
        }
    }

    /** Observes a channel. */
    @ApplicationScoped
    public static class Observer {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        void news(@ObservesAsync @FromChannel("news") String text) {
            SEEN.add(Span.current().getSpanContext().getSpanId());
        }
    }

    @Test
    void anObserverIsCalledInASpan() {
        Observer.SEEN.clear();
        try (Deployment it = opened(Sdk.class, Observer.class)) {
            it.plugin().publish("1", "news");
            assertThat(Observer.SEEN).containsExactly(span("process").getSpanId());
        }
    }

    @Test
    void nothingIsLeftAfterTheEnd() {
        try (Deployment it = opened(Sdk.class)) {
            assertThat(metrics()).containsKey("channels.subscribers");
            it.get(ChannelsExtension.class).application().stop();
            assertThat(metrics()).doesNotContainKey("channels.subscribers");
        }
    }

    @Test
    void aMeterThatDoesNothingIsLeftAlone() {
        try (LogCapture log = new LogCapture();
                Deployment it = opened(Nothing.class)) {
            it.plugin().waitPublished("1", "news").toCompletableFuture().join();
            // The API of MicroProfile Metrics is here, and nobody who gives a registry.
            assertThat(log.records())
                    .noneMatch(record -> record.getMessage().contains("is not shown in"));
        }
    }

    @Test
    void microProfileMetricsAreShownWhereNoMeterWorks() {
        GAUGES.clear();
        try (Deployment it = opened(Nothing.class, Registry.class)) {
            var subscriber = it.plugin().subscribe("news");
            assertThat(GAUGES.get("channels_subscribers {channels_application=/app}").get())
                    .isEqualTo(1L);
            assertThat(GAUGES)
                    .containsKeys(
                            "messaging_client_sent_messages {channels_application=/app,"
                                    + " error_type=none, messaging_operation_name=publish,"
                                    + " messaging_system=memory}",
                            "messaging_client_sent_messages {channels_application=/app,"
                                    + " error_type=CHANNELS0008, messaging_operation_name=publish,"
                                    + " messaging_system=memory}",
                            "channels_connections {channels_application=/app,"
                                    + " channels_door=plain}");
            it.plugin().unsubscribe(subscriber);
            it.get(ChannelsExtension.class).application().stop();
            assertThat(GAUGES).isEmpty();
        }
    }

    private static final Map<String, Supplier<Number>> GAUGES = new ConcurrentHashMap<>();

    /** A registry that has what the application is shown by. */
    @ApplicationScoped
    public static class Registry {
        @Produces
        MetricRegistry registry() {
            return proxy(MetricRegistry.class, TelemetryTest::called);
        }
    }

    private static <T> T proxy(Class<T> type, BiFunction<Method, Object[], Object> calls) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> calls.apply(method, arguments)));
    }

    @SuppressWarnings("unchecked")
    private static Object called(Method method, Object[] arguments) {
        switch (method.getName()) {
            case "gauge" -> {
                MetricID id =
                        new MetricID(((Metadata) arguments[0]).getName(), (Tag[]) arguments[3]);
                var read = (Function<Object, Number>) arguments[2];
                GAUGES.put(id.getName() + " " + id.getTags(), () -> read.apply(arguments[1]));
                return null;
            }
            case "timer" -> {
                return proxy(Timer.class, (m, a) -> null);
            }
            case "histogram" -> {
                return proxy(Histogram.class, (m, a) -> null);
            }
            case "remove" -> {
                MetricID id = (MetricID) arguments[0];
                GAUGES.remove(id.getName() + " " + id.getTags());
                return true;
            }
            default -> throw new AssertionError(method);
        }
    }

    private static final class Connection implements OpenConnection {
        @Override
        public String id() {
            return "1";
        }

        @Override
        public Health look(long now, Executor asking) {
            return Health.FINE;
        }

        @Override
        public void giveUp(Ending ending) {}

        @Override
        public void close() {}

        @Override
        public boolean isConnected() {
            return false;
        }

        @Override
        public void terminate() {}
    }
}
