package dev.channels.client;

import dev.channels.client.protocol.ProtocolError;

/** A failure that the client is told of as it is. */
@SuppressWarnings("serial")
final class ErrorForClient extends RuntimeException {

    private final ProtocolError error;

    ErrorForClient(ProtocolError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ProtocolError error() {
        return error;
    }
}
