package dev.channels.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Asks for a response on a plain socket with a small receive buffer, and reads its first line and
 * nothing more.
 */
public final class StuckReader implements AutoCloseable {

    private final Socket socket = new Socket();

    private StuckReader(URI application, String query, String... headers) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(application.getHost(), application.getPort()));
        String base = application.getPath();
        String request =
                "GET "
                        + (base.endsWith("/") ? base : base + "/")
                        + query
                        + " HTTP/1.1\r\nHost: "
                        + application.getAuthority()
                        + "\r\n"
                        + (headers.length == 0 ? "" : headers[0] + ": " + headers[1] + "\r\n")
                        + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String line = readLine(socket.getInputStream());
        if (!line.startsWith("HTTP/1.1 200")) {
            throw new IOException("The answer is " + line);
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    /**
     * Asks, and reads the first line of the answer.
     *
     * @param headers a name and a value, or none
     */
    public static StuckReader connect(URI application, String query, String... headers)
            throws IOException {
        return new StuckReader(application, query, headers);
    }

    /** Tells whether the server has sent more than the client takes without reading. */
    public boolean isStuck() {
        return serversEnd().filter(end -> end.open() && end.unsent() > 0).isPresent();
    }

    /** Tells whether the server has ended the connection, which the client itself need not see. */
    public boolean isDisconnected() {
        return serversEnd().filter(TcpConnection::open).isEmpty();
    }

    private Optional<TcpConnection> serversEnd() {
        return TcpConnection.between(socket.getPort(), socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
