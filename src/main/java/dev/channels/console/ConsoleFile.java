package dev.channels.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A file of the page. Immutable. */
final class ConsoleFile {

    private final String type;
    private final byte[] content;

    private ConsoleFile(String type, byte[] content) {
        this.type = type;
        this.content = content;
    }

    /** Reads a file of the library's JAR. */
    static ConsoleFile read(String name, String type) {
        try (InputStream in = ConsoleFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The library's JAR is without " + name);
            }
            return new ConsoleFile(type + ";charset=utf-8", in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it; asked for each time, so that all files are of one version. */
    void sendTo(HttpServletResponse response, boolean withBody) throws IOException {
        response.setContentType(type);
        response.setContentLength(content.length);
        response.setHeader("Cache-Control", "no-cache, private");
        if (withBody) {
            response.getOutputStream().write(content);
        }
    }
}
