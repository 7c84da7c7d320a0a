package dev.channels.client.encoding;

import java.util.BitSet;

/**
 * Tells whether text is one JSON value (RFC 8259), by one pass that keeps nothing of it. A client's
 * parser takes what this takes.
 */
final class JsonText {

    /** How deep a value may be nested and still be embedded as it is. */
    static final int MAX_DEPTH = 512;

    private final String text;
    private int position;

    /** How many objects and arrays are open, and which of them are objects. */
    private int depth;

    private final BitSet objects = new BitSet();

    private JsonText(String text) {
        this.text = text;
    }

    /** Tells whether the whole text is a value, no deeper than {@link #MAX_DEPTH}. */
    static boolean isValue(String text) {
        return new JsonText(text).whole();
    }

    /** Removes the line breaks of a valid value: they can only stand between its tokens. */
    static String onOneLine(String json) {
        if (json.indexOf('\n') < 0 && json.indexOf('\r') < 0) {
            return json;
        }
        StringBuilder line = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\n' && c != '\r') {
                line.append(c);
            }
        }
        return line.toString();
    }

    private boolean whole() {
        while (value()) {
            // A value is complete, and with it perhaps what it stands in.
            while (depth > 0 && takes(objects.get(depth - 1) ? '}' : ']')) {
                depth--;
            }
            if (depth == 0) {
                skipSpace();
                return position == text.length();
            }
            if (!takes(',') || (objects.get(depth - 1) && !key())) {
                return false;
            }
        }
        return false;
    }

    /** Takes a value without parts, or goes to the first one of one that has some. */
    private boolean value() {
        while (true) {
            boolean object = takes('{');
            if (object || takes('[')) {
                if (!open(object)) {
                    return false;
                }
                if (takes(object ? '}' : ']')) {
                    depth--;
                    return true;
                }
                if (object && !key()) {
                    return false;
                }
            } else {
                return simple();
            }
        }
    }

    private boolean open(boolean object) {
        objects.set(depth, object);
        return ++depth <= MAX_DEPTH;
    }

    private boolean key() {
        skipSpace();
        return string() && takes(':');
    }

    private boolean simple() {
        return switch (peek()) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean literal(String word) {
        boolean there = text.startsWith(word, position);
        position += word.length();
        return there;
    }

    private boolean string() {
        if (peek() != '"') {
            return false;
        }
        for (position++; position < text.length(); position++) {
            char c = text.charAt(position);
            if (c == '"') {
                position++;
                return true;
            }
            if (c < ' ' || (c == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    /** Goes to the last character of an escape. */
    private boolean escape() {
        position++;
        char kind = peek();
        if (kind != 'u') {
            return kind != 0 && "\"\\/bfnrt".indexOf(kind) >= 0;
        }
        for (int i = 0; i < 4; i++) {
            position++;
            if (Character.digit(peek(), 16) < 0 || peek() > 'f') {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        return position > start;
    }

    /** Returns the character at the position, or 0 at the end. */
    private char peek() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    private boolean take(char expected) {
        if (peek() != expected) {
            return false;
        }
        position++;
        return true;
    }

    /** Takes a character, and the white space around it. */
    private boolean takes(char expected) {
        skipSpace();
        if (!take(expected)) {
            return false;
        }
        skipSpace();
        return true;
    }

    private void skipSpace() {
        while (position < text.length() && isSpace(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
