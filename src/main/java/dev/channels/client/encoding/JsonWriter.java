package dev.channels.client.encoding;

import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one message in JSON. */
final class JsonWriter implements MessageWriter {

    private static final String HEX = "0123456789abcdef";
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder out = new StringBuilder();

    /** Whether the object that is open has no field yet. */
    private boolean first;

    /** Writes a message. */
    static <T> String write(T message, Body<T> body) {
        JsonWriter writer = new JsonWriter();
        writer.object(message, body);
        return writer.out.toString();
    }

    private <T> void object(T message, Body<T> body) {
        out.append('{');
        first = true;
        body.write(message, this);
        out.append('}');
        first = false;
    }

    private void key(String name) {
        if (!first) {
            out.append(',');
        }
        first = false;
        string(name);
        out.append(':');
    }

    @Override
    public void text(int number, String name, String value) {
        if (!value.isEmpty()) {
            alwaysText(number, name, value);
        }
    }

    @Override
    public void alwaysText(int number, String name, String value) {
        key(name);
        string(value);
    }

    @Override
    public void number(int number, String name, long value) {
        if (value != 0) {
            alwaysNumber(number, name, value);
        }
    }

    @Override
    public void alwaysNumber(int number, String name, long value) {
        key(name);
        out.append(value);
    }

    @Override
    public void flag(int number, String name, boolean value) {
        if (value) {
            key(name);
            out.append(true);
        }
    }

    @Override
    public void data(int number, String name, Payload value) {
        String text = textOf(value);
        if (text == null || text.isEmpty()) {
            return;
        }
        key(name);
        if (JsonText.isValue(text)) {
            out.append(JsonText.onOneLine(text));
        } else {
            string(text);
        }
    }

    @Override
    public <T> void message(int number, String name, T value, Body<T> body) {
        key(name);
        object(value, body);
    }

    @Override
    public void publication(int number, String name, EncodedPublication value) {
        key(name);
        out.append(body(value));
    }

    private static String body(EncodedPublication value) {
        if (value.body() instanceof Encoded.Text text) {
            return text.text();
        }
        throw new IllegalArgumentException("A publication was not encoded by this codec");
    }

    @Override
    public void publications(int number, String name, List<EncodedPublication> values) {
        if (!values.isEmpty()) {
            alwaysPublications(number, name, values);
        }
    }

    @Override
    public void alwaysPublications(int number, String name, List<EncodedPublication> values) {
        key(name);
        char separator = '[';
        for (EncodedPublication value : values) {
            out.append(separator).append(body(value));
            separator = ',';
        }
        out.append(values.isEmpty() ? "[]" : "]");
    }

    @Override
    public void texts(int number, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            message(
                    number,
                    name,
                    values,
                    (all, to) -> all.forEach((key, value) -> to.alwaysText(0, key, value)));
        }
    }

    @Override
    public <T> void messages(int number, String name, Map<String, T> values, Body<T> body) {
        if (!values.isEmpty()) {
            alwaysMessages(number, name, values, body);
        }
    }

    @Override
    public <T> void alwaysMessages(int number, String name, Map<String, T> values, Body<T> body) {
        message(
                number,
                name,
                values,
                (all, to) -> all.forEach((key, value) -> to.message(0, key, value, body)));
    }

    // ---- Text

    /** Returns what bytes say in UTF-8, or null if that is nothing. */
    static @Nullable String textOf(Payload payload) {
        String text = new String(payload.array(), StandardCharsets.UTF_8);
        // The fast decoder replaces what is malformed; only then is the strict one worth its price.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(payload.array());
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private void string(String value) {
        out.append('"');
        int written = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            if (Character.isSurrogate(c) && isPair(value, i)) {
                i++;
                continue;
            }
            out.append(value, written, i);
            escape(c);
            written = i + 1;
        }
        out.append(value, written, value.length()).append('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
    }

    private static boolean isPair(String value, int index) {
        return Character.isHighSurrogate(value.charAt(index))
                && index + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(index + 1));
    }

    private void escape(char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            default -> {
                // A control character, or half a pair, which UTF-8 could not carry.
                out.append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt((c >> shift) & 0xF));
                }
            }
        }
    }
}
