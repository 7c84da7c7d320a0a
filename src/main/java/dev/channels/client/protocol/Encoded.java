package dev.channels.client.protocol;

/**
 * What a frame carries: one message or several. Immutable, and shared by all sockets it goes to.
 *
 * <p>Text is kept as a string, since that is what every server's sessions take: text without
 * characters past Latin-1 is copied as bytes where messages are joined, and encoded as UTF-8 by the
 * server only.
 */
public sealed interface Encoded permits Encoded.Text, Encoded.Binary {

    /**
     * Returns how much it adds to a frame.
     *
     * @return characters of text, bytes otherwise
     */
    int size();

    /**
     * The content of a text frame.
     *
     * @param text JSON; several messages are joined by a line feed
     */
    record Text(String text) implements Encoded {
        @Override
        public int size() {
            return text.length();
        }

        /** Returns the size, never the text: there may be secrets in it. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }

    /**
     * The content of a binary frame.
     *
     * @param bytes Protobuf; each message is preceded by its length. Nobody may change the array
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy per frame is too dear
    record Binary(byte[] bytes) implements Encoded {
        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }
}
