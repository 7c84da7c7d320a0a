package dev.channels.testkit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Plain requests to an application under test. */
public final class Http {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    public static HttpResponse<String> get(URI application, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(application, path)).GET());
    }

    public static HttpResponse<String> post(URI application, String path, String body)
            throws Exception {
        return send(
                HttpRequest.newBuilder(uri(application, path))
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public static HttpResponse<String> put(URI application, String path) throws Exception {
        return send(
                HttpRequest.newBuilder(uri(application, path))
                        .PUT(HttpRequest.BodyPublishers.noBody()));
    }

    /** Sends a request without a body; headers are names and values in turn. */
    public static HttpResponse<String> request(
            URI application, String method, String path, String... headers) throws Exception {
        return send(application, method, path, "", headers);
    }

    /** Sends a request with a body, unless that is empty. */
    public static HttpResponse<String> send(
            URI application, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(application, path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    private static URI uri(URI application, String path) {
        String base = application.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(
                request.timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
