package dev.channels.client.encoding;

import dev.channels.client.protocol.EncodedPublication;
import dev.channels.client.protocol.Payload;
import java.util.List;
import java.util.Map;

/**
 * Writes messages field by field, in either encoding. A field with a default is left out, unless
 * its method says otherwise.
 */
interface MessageWriter {

    /** Writes one kind of message. */
    @FunctionalInterface
    interface Body<T> {
        void write(T message, MessageWriter out);
    }

    /** Writes text. */
    void text(int number, String name, String value);

    /** Writes text that JSON has also where it is empty. */
    void alwaysText(int number, String name, String value);

    /** Writes an integer from 0 up. */
    void number(int number, String name, long value);

    /** Writes an integer from 0 up that JSON has also where it is 0. */
    void alwaysNumber(int number, String name, long value);

    /** Writes true. */
    void flag(int number, String name, boolean value);

    /** Writes what is the application's; JSON leaves it out where it cannot carry it. */
    void data(int number, String name, Payload value);

    /** Writes a message, also where it is empty. */
    <T> void message(int number, String name, T value, Body<T> body);

    /** Writes a message that has been encoded. */
    void publication(int number, String name, EncodedPublication value);

    /** Writes messages that have been encoded. */
    void publications(int number, String name, List<EncodedPublication> values);

    /** Writes messages that have been encoded; JSON has the list also where it is empty. */
    void alwaysPublications(int number, String name, List<EncodedPublication> values);

    /** Writes texts by name. */
    void texts(int number, String name, Map<String, String> values);

    /** Writes messages by name. */
    <T> void messages(int number, String name, Map<String, T> values, Body<T> body);

    /** Writes messages by name; JSON has the map also where it is empty. */
    <T> void alwaysMessages(int number, String name, Map<String, T> values, Body<T> body);
}
