package dev.channels.client.encoding;

/** A client's frame breaks the protocol. The message has nothing that the client sent. */
@SuppressWarnings("serial")
final class ProtocolException extends Exception {

    ProtocolException(String message) {
        super(message, null, false, false);
    }

    ProtocolException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
