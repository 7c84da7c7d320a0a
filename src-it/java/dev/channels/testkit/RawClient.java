package dev.channels.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client on a plain socket that sends what no library would. */
public final class RawClient implements AutoCloseable {

    /** A server that says nothing of the length of an answer goes on with it, or has ended it. */
    private static final Duration PATIENCE_WITH_BODIES = Duration.ofSeconds(1);

    private final Socket socket = new Socket();

    private RawClient(URI application) throws IOException {
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(application.getHost(), application.getPort()));
    }

    /** Opens a connection, and sends nothing. */
    public static RawClient connect(URI application) throws IOException {
        return new RawClient(application);
    }

    /**
     * Returns a handshake.
     *
     * @param target what stands in the request line, as it is
     * @param headers more header lines, or others in the place of those of the same name
     */
    public static String handshake(URI application, String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
        String all = String.join("\r\n", headers);
        for (String header :
                new String[] {
                    "Host: " + application.getAuthority(),
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                }) {
            if (!all.contains(header.substring(0, header.indexOf(':') + 1))) {
                request.append(header).append("\r\n");
            }
        }
        return request + (all.isEmpty() ? "" : all + "\r\n") + "\r\n";
    }

    /**
     * Waits so long for what is read, and then throws a {@link java.net.SocketTimeoutException}.
     */
    public RawClient patience(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        return this;
    }

    /** Sends characters up to U+00FF, a byte each. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads the head of the response; returns its status, or 0 if the server hangs up instead. */
    public int status() throws IOException {
        String head = head();
        return head.isEmpty() ? 0 : Integer.parseInt(head.split(" ")[1]);
    }

    /** Reads the head of the response; empty if the server hangs up instead. */
    public String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads the response, and its body too where it is a refusal. */
    public Answer answer() throws IOException {
        String head = head();
        Answer answer = new Answer(head, "");
        return answer.status() < 400 ? answer : new Answer(head, body(head));
    }

    private String body(String head) throws IOException {
        String fields = head.toLowerCase(Locale.ROOT);
        boolean chunked = fields.contains("\r\ntransfer-encoding: chunked\r\n");
        String[] told = fields.split("\r\ncontent-length: ", 2);
        int length = told.length < 2 ? Integer.MAX_VALUE : Integer.parseInt(told[1].split("\r")[0]);
        StringBuilder body = new StringBuilder();
        patience(PATIENCE_WITH_BODIES);
        try {
            while (body.length() < length && !(chunked && isWhole(body))) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                body.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            // So much for an answer to HEAD, which says how long it would be.
            return body.toString();
        }
        return body.toString();
    }

    private static boolean isWhole(StringBuilder chunks) {
        return chunks.length() >= 5 && chunks.indexOf("0\r\n\r\n", chunks.length() - 5) >= 0;
    }

    /** Reads so many bytes. */
    public byte[] read(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** Says that nothing more is sent, but still reads. */
    public RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Resets the connection, and drops what is not read. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
