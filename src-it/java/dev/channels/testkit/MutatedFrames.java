package dev.channels.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes what a client sends behind its handshake of frames that are right, by a few changes each;
 * the same for the same seed. To each seed belong {@link #EACH} frames on one connection.
 */
public final class MutatedFrames {

    /** How many frames one connection has. */
    public static final int EACH = 10;

    private static final List<String> COMMANDS =
            List.of(
                    "{\"id\":1,\"connect\":{}}",
                    "{\"id\":2,\"subscribe\":{\"channel\":\"mutated\",\"recover\":true,\"offset\":3,"
                            + "\"epoch\":\"x\"}}\n{\"id\":3,\"unsubscribe\":{\"channel\":\"mutated\"}}",
                    "{\"id\":4,\"publish\":{\"channel\":\"mutated\",\"data\":{\"a\":[1e400,\"\\ud83d\"]}}}",
                    "{\"id\":5,\"history\":{\"channel\":\"mutated\",\"limit\":-1}}",
                    "{\"id\":6,\"presence\":{\"channel\":\"#alice\"}}",
                    "{\"id\":9223372036854775807,\"rpc\":{\"method\":\"\u00e9\",\"data\":null}}",
                    "{}");

    private static final int[] OPCODES = {0, 1, 2, 3, 7, 8, 9, 10, 11, 15};

    private static final int[] LENGTHS = {0, 1, 125, 126, 127};

    private final Random random;

    private MutatedFrames(Random random) {
        this.random = random;
    }

    /** Returns the frames of a seed. */
    public static byte[] of(long seed) {
        MutatedFrames frames = new MutatedFrames(new Random(seed));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        // Half of the clients of the client endpoint are let in.
        if (frames.random.nextBoolean()) {
            all.writeBytes(frame(COMMANDS.get(0)));
        }
        for (int i = 0; i < EACH; i++) {
            String command = COMMANDS.get(frames.random.nextInt(COMMANDS.size()));
            all.writeBytes(frames.changed(frame(command)));
        }
        return all.toByteArray();
    }

    /** Returns a text frame whose mask is zero. */
    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private byte[] changed(byte[] frame) {
        byte[] changed = frame;
        for (int changes = random.nextInt(3); changes > 0 && changed.length > 2; changes--) {
            changed = change(changed);
        }
        return changed;
    }

    private byte[] change(byte[] frame) {
        int at = random.nextInt(frame.length);
        switch (random.nextInt(9)) {
            case 0 -> frame[0] = (byte) (frame[0] & 0xf0 | OPCODES[random.nextInt(OPCODES.length)]);
            case 1 -> frame[0] ^= (byte) (1 << 4 + random.nextInt(4));
            case 2 -> frame[1] = (byte) (0x80 | LENGTHS[random.nextInt(LENGTHS.length)]);
            case 3 -> frame[1] ^= (byte) 0x80;
            case 4 -> frame[at] = (byte) random.nextInt(256);
            case 5 -> frame[at] ^= (byte) (1 << random.nextInt(8));
            case 6 -> {
                return Arrays.copyOf(frame, at);
            }
            case 7 -> {
                return Arrays.copyOf(frame, frame.length + random.nextInt(300));
            }
            default -> random.nextBytes(frame);
        }
        return frame;
    }
}
