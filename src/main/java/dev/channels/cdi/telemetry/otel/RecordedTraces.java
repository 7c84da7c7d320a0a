package dev.channels.cdi.telemetry.otel;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.cdi.telemetry.Measures;
import dev.channels.internal.task.Tracing;
import dev.channels.spi.Causes;
import dev.channels.spi.Headers;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Records a span for each publish, whose context travels in the headers of the event, and one for
 * each event that the application is called with, linked to the publish: one event has any number
 * of receivers, at any time, so they are no parts of it.
 */
final class RecordedTraces implements Tracing {

    private static final TextMapGetter<ChannelEvent> HEADERS =
            new TextMapGetter<>() {
                @Override
                public Iterable<String> keys(ChannelEvent event) {
                    return event.headers().keySet();
                }

                @Override
                public @Nullable String get(@Nullable ChannelEvent event, String name) {
                    return event == null ? null : event.headers().get(name);
                }
            };

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Attributes publishes;
    private final Attributes processes;
    private final Predicate<String> named;

    /**
     * Records an application.
     *
     * @param named tells whether a channel may be named
     */
    RecordedTraces(
            Tracer tracer,
            TextMapPropagator propagator,
            Attributes publishes,
            Attributes processes,
            Predicate<String> named) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.publishes = publishes;
        this.processes = processes;
        this.named = named;
    }

    @Override
    public Publish publishing(Set<String> channels, Map<String, String> headers) {
        SpanBuilder builder =
                tracer.spanBuilder("publish")
                        .setSpanKind(SpanKind.PRODUCER)
                        .setAllAttributes(publishes);
        if (channels.size() == 1) {
            name(builder, channels.iterator().next());
        }
        Span span = builder.startSpan();
        return new Publish(
                withContext(span, headers),
                failure -> {
                    fail(span, failure);
                    span.end();
                });
    }

    private void name(SpanBuilder span, String channel) {
        if (named.test(channel)) {
            Measures.destination(channel).forEach(span::setAttribute);
        }
    }

    /** What the application says itself is left as it is, and so is what would be too much. */
    private Map<String, String> withContext(Span span, Map<String, String> headers) {
        Map<String, String> sent = new HashMap<>(headers);
        propagator.inject(
                Context.current().with(span),
                sent,
                (all, name, value) -> {
                    if (all != null) {
                        all.putIfAbsent(name, value);
                    }
                });
        try {
            Headers.encode(sent);
            return Map.copyOf(sent);
        } catch (ChannelsException e) {
            return headers;
        }
    }

    @SuppressWarnings("MustBeClosed") // at the end of the step, by the same thread
    @Override
    public Step processing(ChannelEvent event) {
        SpanContext publish =
                Span.fromContext(propagator.extract(Context.root(), event, HEADERS))
                        .getSpanContext();
        SpanBuilder builder =
                tracer.spanBuilder("process")
                        .setNoParent()
                        .setSpanKind(SpanKind.CONSUMER)
                        .setAllAttributes(processes);
        name(builder, event.channel());
        if (publish.isValid()) {
            builder.addLink(publish);
        }
        Span span = builder.startSpan();
        Scope scope = span.makeCurrent();
        return failure -> {
            scope.close();
            fail(span, failure);
            span.end();
        };
    }

    /** Nothing was to be published then. */
    private static boolean isMeantSo(Throwable cause) {
        return cause instanceof ChannelsException known
                && known.errorCode() == ErrorCode.ROLLED_BACK;
    }

    private static void fail(Span span, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause == null || isMeantSo(cause)) {
            return;
        }
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(
                "error.type",
                cause instanceof ChannelsException known
                        ? known.errorCode().code()
                        : cause.getClass().getName());
    }
}
