package dev.channels.console;

import java.util.Locale;

/**
 * Writes JSON. No server need have an API for it where there is no client endpoint. Beside what
 * JSON asks for, what means something in HTML is escaped.
 */
final class Json {

    private final StringBuilder text = new StringBuilder(256);

    /** Begins an object; as the value of what was named, if anything was. */
    Json object() {
        return begin('{');
    }

    /** Begins an array. */
    Json array() {
        return begin('[');
    }

    private Json begin(char bracket) {
        comma();
        text.append(bracket);
        return this;
    }

    /** Ends the object. */
    Json endObject() {
        text.append('}');
        return this;
    }

    /** Ends the array. */
    Json endArray() {
        text.append(']');
        return this;
    }

    /** Names what follows. */
    Json name(String name) {
        value(name);
        text.append(':');
        return this;
    }

    Json value(String value) {
        comma();
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value, i);
        }
        text.append('"');
        return this;
    }

    Json value(long value) {
        comma();
        text.append(value);
        return this;
    }

    /** Writes a number with one decimal; null for what is none. */
    Json value(double value) {
        comma();
        text.append(Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "null");
        return this;
    }

    Json value(boolean value) {
        comma();
        text.append(value);
        return this;
    }

    Json none() {
        comma();
        text.append("null");
        return this;
    }

    /** What stands before tells it: a text ends with a quotation mark, whatever is in it. */
    private void comma() {
        if (text.length() > 0 && "{[:".indexOf(text.charAt(text.length() - 1)) < 0) {
            text.append(',');
        }
    }

    private void append(String value, int i) {
        char c = value.charAt(i);
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (c < ' '
                        || c == 0x7f
                        || "<>&'\u2028\u2029".indexOf(c) >= 0
                        || isAlone(value, i)) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
            }
        }
    }

    /** Half a character cannot be encoded. */
    private static boolean isAlone(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    /** Returns what was written. */
    @Override
    public String toString() {
        return text.toString();
    }
}
