package dev.channels.client.protocol;

/**
 * A publication that has been encoded once, and can stand in any number of messages of the same
 * {@link Codec}.
 */
public final class EncodedPublication {

    private final Encoded body;

    /**
     * Takes what a codec has made.
     *
     * @param body the publication, without what stands around it in a message
     */
    public EncodedPublication(Encoded body) {
        this.body = body;
    }

    /**
     * Returns what the codec has made.
     *
     * @return the publication, without what stands around it in a message
     */
    public Encoded body() {
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
