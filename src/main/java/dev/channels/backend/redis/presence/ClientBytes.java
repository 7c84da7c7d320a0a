package dev.channels.backend.redis.presence;

import dev.channels.PresenceChange;
import dev.channels.PresentClient;
import dev.channels.backend.redis.command.Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The forms of a client in Redis. Of a client: its user, its id, and the two infos, each with its
 * length in front (2 bytes; one that is not there has the greatest). In the hash, a version and the
 * id of its node stand in front of that. A push has a sign behind it, a mark and a version.
 */
public final class ClientBytes {

    /** How many characters the id of a node has. */
    static final int NODE = 16;

    private static final byte VERSION = '1';
    private static final int NONE = 0xffff;

    /** What a push ends in: the sign, the mark, the version. */
    private static final int END = 3;

    /** Another one than that of an event. */
    private static final byte MARK = (byte) 0xCF;

    static final int PUSH_VERSION = 1;

    private ClientBytes() {}

    /** Encodes what stands in the hash. */
    static byte[] encode(String node, PresentClient client) {
        byte[] user = Text.bytes(client.user());
        byte[] id = Text.bytes(client.id());
        byte[] info = bytes(client.info());
        byte[] channelInfo = bytes(client.channelInfo());
        ByteBuffer all =
                ByteBuffer.allocate(
                        1 + NODE + 8 + user.length + id.length + info.length + channelInfo.length);
        all.put(VERSION).put(Text.bytes(node));
        put(all, user, true);
        put(all, id, true);
        put(all, info, client.info() != null);
        put(all, channelInfo, client.channelInfo() != null);
        return all.array();
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : Text.bytes(text);
    }

    private static void put(ByteBuffer all, byte[] part, boolean isThere) {
        all.putShort((short) (isThere ? part.length : NONE)).put(part);
    }

    /** Decodes what stands in the hash; null for what this version cannot read. */
    static @Nullable PresentClient decode(byte[] value) {
        return value.length > 1 + NODE && value[0] == VERSION
                ? read(ByteBuffer.wrap(value, 1 + NODE, value.length - 1 - NODE))
                : null;
    }

    private static @Nullable PresentClient read(ByteBuffer from) {
        try {
            String user = text(from);
            String id = text(from);
            String info = text(from);
            String channelInfo = text(from);
            return user == null || id == null
                    ? null
                    : new PresentClient(id, user, info, channelInfo);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // Another program's, which looks like one of ours.
            return null;
        }
    }

    private static @Nullable String text(ByteBuffer from) {
        int length = from.getShort() & 0xffff;
        if (length == NONE) {
            return null;
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Tells whether a message says that a client came or went.
     *
     * @param message of the Pub/Sub channel that events come over too
     */
    public static boolean isPush(byte[] message) {
        return message.length > END && message[message.length - 2] == MARK;
    }

    /** Returns the version of such a message. */
    static int pushVersion(byte[] message) {
        return message[message.length - 1] & 0xff;
    }

    /**
     * Decodes such a message.
     *
     * @param channel the name of the channel
     * @return null for what this version cannot read
     */
    static @Nullable PresenceChange push(String channel, byte[] message) {
        if (pushVersion(message) != PUSH_VERSION) {
            return null;
        }
        int end = message.length - END;
        PresentClient client = read(ByteBuffer.wrap(message, 0, end));
        return client == null ? null : new PresenceChange(channel, client, message[end] == '+');
    }
}
