package dev.channels.client.encoding;

import dev.channels.client.protocol.Codec;

/** The two encodings. */
public final class Codecs {

    private static final Codec JSON = new JsonCodec();
    private static final Codec PROTOBUF = new ProtobufCodec();

    private Codecs() {}

    /**
     * Returns the encoding in text frames.
     *
     * @return JSON
     */
    public static Codec json() {
        return JSON;
    }

    /**
     * Returns the encoding in binary frames.
     *
     * @return Protobuf
     */
    public static Codec protobuf() {
        return PROTOBUF;
    }
}
