package dev.channels.demo;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes what a server exports by OTLP over HTTP, as a collector would. */
final class OtlpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final Set<Otlp.Metric> metrics = ConcurrentHashMap.newKeySet();
    private final List<Otlp.Span> spans = new CopyOnWriteArrayList<>();

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/metrics", exchange -> read(exchange).metrics().forEach(metrics::add));
        server.createContext("/v1/traces", exchange -> read(exchange).spans().forEach(spans::add));
        server.start();
    }

    /** Reads an export, and answers that all of it was taken. */
    private static Otlp read(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean zipped =
                    "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream in = exchange.getRequestBody();
            ByteString body = ByteString.readFrom(zipped ? new GZIPInputStream(in) : in);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            return Otlp.parse(body);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns all that were exported, each once. */
    Set<Otlp.Metric> metrics() {
        return Set.copyOf(metrics);
    }

    /** Returns the spans of a name. */
    List<Otlp.Span> spans(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
