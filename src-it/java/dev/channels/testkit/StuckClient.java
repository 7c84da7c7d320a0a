package dev.channels.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A WebSocket client on a plain socket with a small receive buffer, which reads nothing until it is
 * told to.
 */
public final class StuckClient implements AutoCloseable {

    /** A socket that was closed or reset without a close frame. */
    public static final int NO_CLOSE_FRAME = 1006;

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private int closeCode;

    private StuckClient(URI application, String path) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(application.getHost(), application.getPort()));
        String base = application.getPath();
        String request =
                "GET "
                        + (base.endsWith("/") ? base : base + "/")
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + application.getAuthority()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 512));
        String response = readHead();
        if (!response.startsWith("HTTP/1.1 101")) {
            throw new IOException("The handshake was refused: " + response);
        }
    }

    /** Connects, and reads the response to the handshake, but nothing more. */
    public static StuckClient connect(URI application, String path) throws IOException {
        return new StuckClient(application, path);
    }

    private String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Tells whether the server has ended the connection, which the client itself need not see. */
    public boolean isDisconnected() {
        return serversEnd().filter(TcpConnection::open).isEmpty();
    }

    /** Tells whether the server has sent more than the client takes without reading. */
    public boolean isStuck() {
        return serversEnd().filter(end -> end.open() && end.unsent() > 0).isPresent();
    }

    private Optional<TcpConnection> serversEnd() {
        return TcpConnection.between(socket.getPort(), socket.getLocalPort());
    }

    /** What a client found that began to read in the end. */
    public record Rest(List<String> texts, int closeCode) {}

    /** Reads until the server closes. */
    public Rest readToEnd() throws IOException {
        List<String> texts = new ArrayList<>();
        try {
            while (true) {
                String text = readText();
                if (text == null) {
                    return new Rest(texts, closeCode);
                }
                texts.add(text);
            }
        } catch (EOFException | SocketException e) {
            return new Rest(texts, NO_CLOSE_FRAME);
        }
    }

    /** Reads the next text message; null if a close frame comes instead. */
    public String readText() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = new byte[length()];
            in.readFully(payload);
            int opcode = first & 0x0F;
            if (opcode == CLOSE) {
                closeCode = payload.length < 2 ? 1005 : code(payload);
                return null;
            }
            if (opcode == PING) {
                send(PONG, payload);
            }
            if (opcode <= TEXT) {
                text.writeBytes(payload);
                if ((first & 0x80) != 0) {
                    return text.toString(StandardCharsets.UTF_8);
                }
            }
        }
    }

    /** Sends a text of up to 64 KiB. */
    public void sendText(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame whose masking key is zero. */
    private void send(int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static int code(byte[] payload) {
        return ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    }

    private int length() throws IOException {
        int length = in.readUnsignedByte() & 0x7F;
        return switch (length) {
            case 126 -> in.readUnsignedShort();
            case 127 -> Math.toIntExact(in.readLong());
            default -> length;
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
