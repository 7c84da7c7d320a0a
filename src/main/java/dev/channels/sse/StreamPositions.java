package dev.channels.sse;

import dev.channels.Position;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Up to where a client has had each channel of its stream, in one text that it keeps for us: the
 * {@code id} of Server-Sent Events. So it comes back to any node, which needs to know nothing of
 * it.
 *
 * <pre>
 *   1-3f2a/ticks:17,chat:4;9b01/orders:2     epoch/channel:offset, the epoch once for its channels
 * </pre>
 *
 * <p>Letters, digits, dots and hyphens stand for themselves; all other bytes of UTF-8 are an
 * underscore and two hexadecimal digits, so that the text passes through a header, and through a
 * query without being encoded. A long name is told by a part of its SHA-256.
 *
 * <p>Used in turns.
 */
final class StreamPositions {

    /** More than a client ever needs to send: 128 channels, each with an epoch of its own. */
    static final int MAX_LENGTH = 16_384;

    /** About as much as a client can send back to every server, and behind every proxy. */
    private static final int USABLE_LENGTH = 4_096;

    /** What a channel usually adds to its name: an offset, and often an epoch of its own. */
    private static final int USUAL_POSITION = 24;

    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_EPOCH = 600;
    private static final int HASH_BYTES = 8;
    private static final char HASHED = '~';

    /**
     * One channel.
     *
     * @param epoch as written
     * @param entry name and offset, as written
     */
    private record Entry(String epoch, String entry) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> keys = new LinkedHashMap<>();

    /** The last epoch that was written, which mostly is the next one too. */
    private String epoch = "";

    private String writtenEpoch = "";

    /**
     * Notes where a channel stands.
     *
     * @param channel its name
     * @param position of the last event that the client has had
     */
    void put(String channel, Position position) {
        String key = keys.get(channel);
        if (key == null) {
            key = key(channel);
            keys.put(channel, key);
        }
        if (!position.epoch().equals(epoch)) {
            epoch = position.epoch();
            writtenEpoch = written(epoch);
        }
        entries.put(channel, new Entry(writtenEpoch, key + ':' + position.offset()));
    }

    /** Forgets a channel. */
    void remove(String channel) {
        entries.remove(channel);
        keys.remove(channel);
    }

    /** Tells whether the stream follows a channel whose positions are known. */
    boolean has(String channel) {
        return entries.containsKey(channel);
    }

    /**
     * Tells whether the positions of channels usually fit the header that they come back in. A
     * server refuses the whole request otherwise, and a browser does not try again.
     *
     * @param channels their names
     */
    static boolean fit(Collection<String> channels) {
        return channels.stream().mapToInt(name -> key(name).length() + USUAL_POSITION).sum()
                <= USABLE_LENGTH;
    }

    /** Tells whether there is nothing to keep. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns the text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(48 * entries.size());
        String last = null;
        for (Entry entry : entries.values()) {
            if (entry.epoch().equals(last)) {
                text.append(',');
            } else {
                text.append(last == null ? "" : ";").append(entry.epoch()).append('/');
                last = entry.epoch();
            }
            text.append(entry.entry());
        }
        return text.toString();
    }

    /**
     * Reads what a client has kept.
     *
     * @param text as {@link #toString()} has made it
     * @return the positions, by {@link #key}
     * @throws IllegalArgumentException if it is something else
     */
    static Map<String, Position> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("too long");
        }
        Map<String, Position> positions = new LinkedHashMap<>();
        for (String group : text.split(";", -1)) {
            int slash = group.indexOf('/');
            if (slash <= 0 || slash > LONGEST_EPOCH) {
                throw new IllegalArgumentException("no epoch");
            }
            String epoch = read(group.substring(0, slash));
            for (String entry : group.substring(slash + 1).split(",", -1)) {
                int colon = entry.indexOf(':');
                Position position = new Position(epoch, offset(entry.substring(colon + 1)));
                if (colon <= 0 || positions.put(entry.substring(0, colon), position) != null) {
                    throw new IllegalArgumentException("no channel, or one twice");
                }
            }
        }
        return positions;
    }

    private static long offset(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("no offset");
        }
        return Long.parseLong(digits);
    }

    /** Returns what tells a channel among the positions. */
    static String key(String channel) {
        String name = written(channel);
        return name.length() <= LONGEST_NAME ? name : HASHED + hash(channel);
    }

    private static String hash(String channel) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(channel.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String written(String text) {
        StringBuilder written = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                written.append((char) b);
            } else {
                written.append('_').append(HexFormat.of().toHexDigits(b));
            }
        }
        return written.toString();
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.';
    }

    private static String read(String written) {
        byte[] bytes = new byte[written.length()];
        int size = 0;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '_' && i + 2 < written.length()) {
                bytes[size++] = (byte) HexFormat.fromHexDigits(written, i + 1, i + 3);
                i += 2;
            } else if (isPlain(c)) {
                bytes[size++] = (byte) c;
            } else {
                throw new IllegalArgumentException("no text of ours");
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
