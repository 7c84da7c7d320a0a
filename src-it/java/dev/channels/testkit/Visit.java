package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * What each door of an application says to somebody who comes. Headers are a name and a value, or
 * none.
 *
 * @param application where it is; its doors are on their usual paths
 * @param patience how long an answer is waited for: some servers send nothing where they have none
 */
public record Visit(URI application, Duration patience) {

    private static final String CLIENT = "connection/websocket";
    private static final String SSE = "connection/sse?channel=";

    public Visit(URI application) {
        this(application, Duration.ofSeconds(10));
    }

    /** Returns the header of somebody who says who he is with each request. */
    public static String[] basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(both)};
    }

    public static String connect(String token) {
        return "{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}";
    }

    public static String subscribe(String channel) {
        return "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\"}}";
    }

    public static String unsubscribe(int id) {
        return "{\"id\":" + id + ",\"unsubscribe\":{\"channel\":\"none\"}}";
    }

    /** Returns the paths of all doors for one channel. */
    public List<String> doors(String channel) {
        return List.of(channel, CLIENT, SSE + channel);
    }

    private String target(String path) {
        return application.getPath().replaceFirst("/$", "") + "/" + path;
    }

    private static String[] lines(String... headers) {
        return headers.length == 0 ? headers : new String[] {headers[0] + ": " + headers[1]};
    }

    /** Returns a handshake. */
    public String handshake(String path, String... headers) {
        return RawClient.handshake(application, target(path), lines(headers));
    }

    private String request(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target(path) + " HTTP/1.1\r\n");
        request.append("Host: ").append(application.getAuthority()).append("\r\n");
        Arrays.stream(lines(headers)).forEach(line -> request.append(line).append("\r\n"));
        return request.append("\r\n").toString();
    }

    /** Returns the head of the answer of the door on a path; empty if there is none. */
    public String head(String path, String... headers) throws IOException {
        String request = path.startsWith(SSE) ? request(path, headers) : handshake(path, headers);
        try (RawClient client = RawClient.connect(application).patience(patience)) {
            Answer answer = client.send(request).answer();
            assertThat(answer).matches(Answer::isSilent, "is silent about the application");
            return answer.head();
        } catch (SocketTimeoutException e) {
            return "";
        }
    }

    private int status(String path, String... headers) throws IOException {
        String head = head(path, headers);
        return head.isEmpty() ? 0 : Integer.parseInt(head.split(" ")[1]);
    }

    /** Returns the status of the handshake of the client endpoint; 0 if there is no answer. */
    public int clientHandshake(String... headers) throws IOException {
        return status(CLIENT, headers);
    }

    /** Returns the status of a plain endpoint; 0 if there is no answer. */
    public int plain(String path, String... headers) throws IOException {
        return status(path, headers);
    }

    /** Returns the status of a response of Server-Sent Events; 0 if there is no answer. */
    public int sse(String channel, String... headers) {
        try {
            return status(SSE + channel, headers);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Connects to the client endpoint and subscribes.
     *
     * @return the first refusal, or {@code in}
     */
    public String client(String token, String channel, String... headers) {
        try (JsonClient client = JsonClient.open(application, headers)) {
            client.says(connect(token)).awaits("{\"id\":1,");
            if (client.lines("\"error\"").isEmpty()) {
                client.says(subscribe(channel)).awaits("{\"id\":2,");
            }
            return client.lines("\"error\"").stream()
                    .findFirst()
                    .map(line -> "error " + line.replaceFirst(".*\"code\":(\\d+).*", "$1"))
                    .orElse("in");
        } catch (CompletionException e) {
            return "no handshake";
        }
    }
}
