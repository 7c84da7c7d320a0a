package dev.channels.backend.redis.streams;

import java.util.ArrayList;
import java.util.List;

/** What was pushed to one channel before its turn; all buffers together are bounded. */
final class PushBuffer {

    /** The room that the buffers of one backend share. */
    static final class Room {

        private long left;

        Room(long bytes) {
            left = bytes;
        }
    }

    /** About what a push costs beside its body. */
    private static final int OVERHEAD = 200;

    private final Room room;
    private List<StreamPush> pushes = List.of();

    PushBuffer(Room room) {
        this.room = room;
    }

    /** Returns whether there was room for it. */
    boolean add(StreamPush push) {
        int size = size(push);
        if (room.left < size) {
            return false;
        }
        room.left -= size;
        if (pushes.isEmpty()) {
            pushes = new ArrayList<>();
        }
        pushes.add(push);
        return true;
    }

    List<StreamPush> takeAll() {
        List<StreamPush> taken = pushes;
        clear();
        return taken;
    }

    void clear() {
        pushes.forEach(push -> room.left += size(push));
        pushes = List.of();
    }

    private static int size(StreamPush push) {
        byte[] body = push.body();
        return OVERHEAD + (body == null ? 0 : body.length);
    }
}
