package dev.channels.client.encoding;

import dev.channels.client.protocol.Payload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages field by field, in either encoding. After {@link #next}, exactly one of the
 * methods that read a value is to be called.
 */
interface MessageReader {

    /** How deep objects and arrays may be nested, the command itself included. */
    int MAX_DEPTH = 64;

    /** Reads one kind of message. */
    @FunctionalInterface
    interface Body<T> {
        T read(MessageReader in) throws ProtocolException;
    }

    /**
     * Goes to the next known field of the message; unknown ones are skipped.
     *
     * @return its number, or 0 at the end of the message
     */
    int next(Fields fields) throws ProtocolException;

    /** Reads text. */
    String text() throws ProtocolException;

    /** Reads a number from 0 up; one that is past the greatest long is returned as that one. */
    long unsigned() throws ProtocolException;

    /** Reads a number of 64 bits. */
    long signed() throws ProtocolException;

    /** Reads true or false. */
    boolean flag() throws ProtocolException;

    /** Reads what is the application's. */
    Payload data() throws ProtocolException;

    /** Reads a message in this one; null if JSON has null there. */
    <T> @Nullable T message(Body<T> body) throws ProtocolException;

    /** Reads what there is of a map from names to texts. */
    void texts(Map<String, String> into) throws ProtocolException;

    /** Reads what there is of a map from names to messages. */
    <T> void messages(Map<String, T> into, Body<T> body) throws ProtocolException;
}
