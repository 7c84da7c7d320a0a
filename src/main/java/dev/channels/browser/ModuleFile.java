package dev.channels.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A file of the module, as it is sent. Immutable. */
final class ModuleFile {

    private static final int TAG_BYTES = 12;

    private final String path;
    private final String type;
    private final byte[] content;
    private final String tag;

    private ModuleFile(String path, String type, byte[] content) {
        this.path = path;
        this.type = type;
        this.content = content;
        this.tag = tagOf(content);
    }

    /** Returns its path within the application. */
    String path() {
        return path;
    }

    /** Returns its media type. */
    String type() {
        return type;
    }

    /** Returns its entity tag, with the quotes. */
    String tag() {
        return tag;
    }

    /** Returns how many bytes it has. */
    int length() {
        return content.length;
    }

    /** Writes its bytes. */
    void writeTo(OutputStream out) throws IOException {
        out.write(content);
    }

    /** Reads all that there are. */
    static List<ModuleFile> all() {
        return List.of(
                read("channels.js", "text/javascript;charset=utf-8"),
                read("channels.d.ts", "text/plain;charset=utf-8"));
    }

    private static ModuleFile read(String name, String type) {
        byte[] content;
        try (InputStream in = ModuleFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The library's JAR is without " + name);
            }
            content = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModuleFile("/channels/" + name, type, content);
    }

    private static String tagOf(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /**
     * Tells whether who asks has it already.
     *
     * @param condition the header {@code If-None-Match}; tags are compared as weak ones (RFC 9110,
     *     section 13.1.2)
     */
    boolean isKnown(String condition) {
        return Arrays.stream(condition.split(","))
                .map(String::strip)
                .map(it -> it.startsWith("W/") ? it.substring(2) : it)
                .anyMatch(it -> it.equals("*") || it.equals(tag));
    }
}
