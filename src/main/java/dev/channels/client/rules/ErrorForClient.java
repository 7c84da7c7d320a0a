package dev.channels.client.rules;

import dev.channels.client.protocol.ProtocolError;

/** A failure that the client is told of as it is. */
@SuppressWarnings("serial")
public final class ErrorForClient extends RuntimeException {

    private final ProtocolError error;

    public ErrorForClient(ProtocolError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public ProtocolError error() {
        return error;
    }
}
