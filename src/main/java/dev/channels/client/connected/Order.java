package dev.channels.client.connected;

import dev.channels.ConnectedClient;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells the others to do with clients. On its way it is: a version, the action, what
 * the name is of (a byte each), the id of the node (16 bytes), the name with its length in front (4
 * bytes), and the rest. Immutable; its arrays are not to be changed.
 */
final class Order {

    /** What can be done; a part of the format. */
    enum Action {
        SUBSCRIBE('s'),
        UNSUBSCRIBE('u'),
        SEND('m'),
        RECONNECT('r'),
        DISCONNECT('d');

        private final char code;

        Action(char code) {
            this.code = code;
        }

        private static @Nullable Action of(byte code) {
            for (Action action : values()) {
                if (action.code == code) {
                    return action;
                }
            }
            return null;
        }
    }

    private static final byte VERSION = 1;
    private static final int FIXED = 3 + 16 + 4;

    private final UUID origin;
    private final Action action;
    private final boolean byUser;
    private final String name;
    private final byte[] more;

    /**
     * Makes an order.
     *
     * @param origin the node that has done it already
     * @param action what is to be done
     * @param byUser whether the name is that of a user; else it is the id of a client
     * @param name whom it is about
     * @param more the name of the channel as UTF-8, or the data to send; else nothing
     */
    Order(UUID origin, Action action, boolean byUser, String name, byte[] more) {
        this.origin = origin;
        this.action = action;
        this.byUser = byUser;
        this.name = name;
        this.more = more;
    }

    UUID origin() {
        return origin;
    }

    boolean byUser() {
        return byUser;
    }

    String name() {
        return name;
    }

    byte[] encode() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED + text.length + more.length)
                .put(VERSION)
                .put((byte) action.code)
                .put((byte) (byUser ? 1 : 0))
                .putLong(origin.getMostSignificantBits())
                .putLong(origin.getLeastSignificantBits())
                .putInt(text.length)
                .put(text)
                .put(more)
                .array();
    }

    /** Returns what came, or null for what this version cannot read. */
    static @Nullable Order decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            byte version = from.get();
            Action action = Action.of(from.get());
            boolean byUser = from.get() == 1;
            UUID origin = new UUID(from.getLong(), from.getLong());
            int length = from.getInt();
            if (version != VERSION || action == null || length < 0 || length > from.remaining()) {
                return null;
            }
            byte[] name = new byte[length];
            from.get(name);
            byte[] more = new byte[from.remaining()];
            from.get(more);
            return new Order(
                    origin, action, byUser, new String(name, StandardCharsets.UTF_8), more);
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    /** Does it to a client. */
    void apply(ConnectedClient client) {
        switch (action) {
            case SUBSCRIBE -> client.subscribe(channel());
            case UNSUBSCRIBE -> client.unsubscribe(channel());
            case SEND -> client.send(more);
            case RECONNECT -> client.disconnect(true);
            case DISCONNECT -> client.disconnect(false);
        }
    }

    private String channel() {
        return new String(more, StandardCharsets.UTF_8);
    }
}
