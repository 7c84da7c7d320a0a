package dev.channels.client.encoding;

import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Payload;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one command in JSON. A value that is null counts as left out, but for the application's
 * data.
 */
final class JsonReader implements MessageReader {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");

    /** The digits of the greatest long. */
    private static final int LONG_DIGITS = 19;

    private final String line;
    private final JsonParser parser;

    /** The first event of the value that {@link #next} has gone to, and what stands before it. */
    private Event value = Event.VALUE_NULL;

    private long before;
    private int depth;

    private JsonReader(String line, JsonParser parser) {
        this.line = line;
        this.parser = parser;
    }

    /**
     * Reads a command.
     *
     * @param line one JSON value, and nothing else
     * @throws ProtocolException if it is none, or no command
     */
    static Command read(String line, JsonParserFactory parsers) throws ProtocolException {
        try (JsonParser parser = parsers.createParser(new StringReader(line))) {
            return new JsonReader(line, parser).whole();
        } catch (JsonException | IllegalStateException | NoSuchElementException e) {
            throw new ProtocolException("A command is not JSON", e);
        }
    }

    private Command whole() throws ProtocolException {
        value = parser.next();
        Command command = message(CommandReader::command);
        // The parser throws where anything but white space follows.
        if (parser.hasNext()) {
            throw new ProtocolException("Something follows a command");
        }
        return command == null ? Command.PONG : command;
    }

    @Override
    public int next(Fields fields) throws ProtocolException {
        while (parser.next() == Event.KEY_NAME) {
            int number = fields.number(parser.getString());
            before = parser.getLocation().getStreamOffset();
            value = parser.next();
            if (number != 0) {
                return number;
            }
            skip();
        }
        return 0;
    }

    /** Goes to the last event of the value. */
    private void skip() throws ProtocolException {
        int open = 0;
        Event event = value;
        while (true) {
            if (event == Event.START_OBJECT || event == Event.START_ARRAY) {
                open++;
                if (depth + open > MAX_DEPTH) {
                    throw new ProtocolException("A command is nested deeper than " + MAX_DEPTH);
                }
            } else if (event == Event.END_OBJECT || event == Event.END_ARRAY) {
                open--;
            }
            if (open == 0) {
                return;
            }
            event = parser.next();
        }
    }

    private ProtocolException wrongType(String expected) {
        return new ProtocolException("A field has " + value + " instead of " + expected);
    }

    @Override
    public String text() throws ProtocolException {
        return switch (value) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NULL -> "";
            default -> throw wrongType("text");
        };
    }

    @Override
    public long unsigned() throws ProtocolException {
        String digits = integer();
        if (digits.charAt(0) == '-' && !digits.equals("-0")) {
            throw new ProtocolException("A field has a number below 0");
        }
        if (digits.length() > LONG_DIGITS + 1) {
            throw new ProtocolException("A field has a number of more than 64 bits");
        }
        try {
            long number = Long.parseUnsignedLong(digits.startsWith("-") ? "0" : digits);
            return number < 0 ? Long.MAX_VALUE : number;
        } catch (NumberFormatException e) {
            throw new ProtocolException("A field has a number of more than 64 bits", e);
        }
    }

    @Override
    public long signed() throws ProtocolException {
        String digits = integer();
        if (digits.length() > LONG_DIGITS + 1) {
            throw new ProtocolException("A field has a number of more than 64 bits");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new ProtocolException("A field has a number of more than 64 bits", e);
        }
    }

    private String integer() throws ProtocolException {
        if (value == Event.VALUE_NULL) {
            return "0";
        }
        if (value != Event.VALUE_NUMBER) {
            throw wrongType("a number");
        }
        String number = parser.getString();
        if (!INTEGER.matcher(number).matches()) {
            throw new ProtocolException("A field has a number that is no integer");
        }
        return number;
    }

    @Override
    public boolean flag() throws ProtocolException {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw wrongType("true or false");
        };
    }

    @Override
    public Payload data() throws ProtocolException {
        skip();
        int start = (int) before;
        while (isBeforeValue(line.charAt(start))) {
            start++;
        }
        int end = (int) parser.getLocation().getStreamOffset();
        if (end > line.length()) {
            // Parsson, where the line breaks off in a number.
            throw new ProtocolException("A command breaks off in a value");
        }
        return Payload.of(line.substring(start, end));
    }

    private static boolean isBeforeValue(char c) {
        return c == ':' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    @Override
    public <T> @Nullable T message(Body<T> body) throws ProtocolException {
        if (value == Event.VALUE_NULL) {
            return null;
        }
        if (value != Event.START_OBJECT) {
            throw wrongType("an object");
        }
        depth++;
        T message = body.read(this);
        depth--;
        return message;
    }

    @Override
    public void texts(Map<String, String> into) throws ProtocolException {
        message(
                in -> {
                    while (parser.next() == Event.KEY_NAME) {
                        String key = parser.getString();
                        value = parser.next();
                        into.put(key, text());
                    }
                    return into;
                });
    }

    @Override
    public <T> void messages(Map<String, T> into, Body<T> body) throws ProtocolException {
        message(
                in -> {
                    while (parser.next() == Event.KEY_NAME) {
                        String key = parser.getString();
                        value = parser.next();
                        T message = message(body);
                        if (message != null) {
                            into.put(key, message);
                        }
                    }
                    return into;
                });
    }
}
