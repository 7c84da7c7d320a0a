package dev.channels.demo;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A message of OTLP, read by the numbers that {@code opentelemetry-proto} gives to its fields, so
 * that no classes need be generated.
 */
record Otlp(UnknownFieldSet fields) {

    private static final int NAME_OF_METRIC = 1;
    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;

    /** What tells a span from all others. */
    record SpanId(ByteString trace, ByteString span) {}

    /** A metric, with the kind that its values have. */
    record Metric(String name, String kind) {}

    /** A span: {@code kind} is 4 for one who publishes and 5 for one who is called. */
    record Span(String name, long kind, SpanId id, boolean isRoot, List<SpanId> links) {}

    static Otlp parse(ByteString bytes) {
        try {
            return new Otlp(UnknownFieldSet.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the metrics of an export: those of all scopes of all resources. */
    Stream<Metric> metrics() {
        return children(1)
                .flatMap(it -> it.children(2))
                .flatMap(it -> it.children(2))
                .map(Otlp::metric);
    }

    private Metric metric() {
        String kind =
                has(9)
                        ? "histogram"
                        : has(5) ? "gauge" : isCounter() ? "counter" : has(7) ? "sum" : "?";
        return new Metric(text(NAME_OF_METRIC), kind);
    }

    /** Tells whether it is a sum that only grows. */
    private boolean isCounter() {
        return children(7).anyMatch(sum -> sum.number(3) == 1);
    }

    /** Returns the spans of an export, likewise. */
    Stream<Span> spans() {
        return children(1)
                .flatMap(it -> it.children(2))
                .flatMap(it -> it.children(2))
                .map(Otlp::span);
    }

    private Span span() {
        return new Span(
                text(5), number(6), id(), bytes(4).isEmpty(), children(13).map(Otlp::id).toList());
    }

    private SpanId id() {
        return new SpanId(bytes(TRACE_ID), bytes(SPAN_ID));
    }

    private boolean has(int field) {
        return fields.hasField(field);
    }

    private Stream<Otlp> children(int field) {
        return fields.getField(field).getLengthDelimitedList().stream().map(Otlp::parse);
    }

    private ByteString bytes(int field) {
        return fields.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .orElse(ByteString.EMPTY);
    }

    private String text(int field) {
        return bytes(field).toStringUtf8();
    }

    private long number(int field) {
        return fields.getField(field).getVarintList().stream().findFirst().orElse(0L);
    }
}
