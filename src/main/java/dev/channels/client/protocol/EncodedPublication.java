package dev.channels.client.protocol;

/**
 * A publication that has been encoded once, and can stand in any number of messages of the same
 * {@link Codec}.
 */
public final class EncodedPublication {

    private final Encoded body;

    EncodedPublication(Encoded body) {
        this.body = body;
    }

    Encoded body() {
        return body;
    }

    /**
     * Returns how much it adds to a message.
     *
     * @return the size, in the unit of {@link Encoded#size()}
     */
    public int size() {
        return body.size();
    }
}
