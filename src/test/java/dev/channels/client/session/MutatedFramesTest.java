package dev.channels.client.session;

import static dev.channels.client.session.Wire.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.stream.EventForms;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames of clients that mean harm, or nothing at all; the seed of a run is printed. */
class MutatedFramesTest {

    private static final int FRAMES = 10_000;
    private static final int FRAMES_OF_A_CLIENT = 10;

    private static final List<String> FRAMES_OF_CLIENTS =
            List.of(
                    "{\"id\":2,\"subscribe\":{\"channel\":\"a\",\"recover\":true,\"offset\":7,"
                            + "\"epoch\":\"xYz\",\"data\":{\"a\":[1,2.5e-3,null,true,\"\\u00e9\"]}}}",
                    "{\"id\":3,\"unsubscribe\":{\"channel\":\"a\"}}",
                    "{\"id\":4,\"publish\":{\"channel\":\"b\",\"data\":{\"x\":-1}}}",
                    "{\"id\":5,\"rpc\":{\"method\":\"m\",\"data\":\"text\"}}",
                    "{\"send\":{\"data\":[[[]]]}}",
                    "{\"id\":6,\"refresh\":{\"token\":\"t\"}}",
                    "{\"id\":7,\"sub_refresh\":{\"channel\":\"a\",\"token\":\"t\"}}",
                    "{\"id\":8,\"history\":{\"channel\":\"a\",\"limit\":-1}}",
                    "{\"id\":9,\"presence\":{\"channel\":\"a\"}}",
                    "{}\n{\"id\":10,\"connect\":{\"token\":\"t\"}}");

    private static final String CHARACTERS = "{}[]\":,\\\n\u0000\ud800-+eE.019ntf #\u2028\u00e9";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    MutatedFramesTest() {
        System.out.println("MutatedFramesTest: the seed is " + seed);
    }

    private String mutated(String frame) {
        StringBuilder text = new StringBuilder(frame);
        for (int i = random.nextInt(4); i >= 0 && text.length() > 1; i--) {
            int at = random.nextInt(text.length());
            char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, other);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, other);
                case 3 -> text.setLength(at + 1);
                case 4 -> text.insert(at, text.substring(at));
                default -> text.insert(at, String.valueOf(other).repeat(random.nextInt(2_000)));
            }
        }
        return text.toString();
    }

    @Test
    void noFrameIsAFaultOfOursAndNobodyStays() {
        Wire wire = new Wire().connects();
        for (int i = 0; i < FRAMES; i++) {
            String frame = FRAMES_OF_CLIENTS.get(random.nextInt(FRAMES_OF_CLIENTS.size()));
            wire.says(mutated(frame));
            assertThat(wire.faults).as("seed %s, frame %s", seed, i).isEmpty();
            if (i % FRAMES_OF_A_CLIENT == 0 || wire.closed != null) {
                wire.session.over();
                assertThat(wire.session.channels()).isEmpty();
                wire = new Wire();
                if (random.nextBoolean()) {
                    wire.connects();
                }
            }
        }
        Wire behaved = new Wire().connects().subscribes("a");
        behaved.delivers(event("a", 42, "1"));
        assertThat(behaved.sent).hasSize(1);
    }

    @Test
    void noBinaryFrameIsAFaultOfOurs() {
        Codec codec = EventForms.protobuf(true).codec();
        byte[] frame = {4, 8, 1, 34, 0, 7, 8, 2, 42, 3, 10, 1, 97, 7, 8, 3, 58, 3, 10, 1, 97, 0};
        for (int i = 0; i < FRAMES; i++) {
            byte[] bytes = frame.clone();
            for (int changes = random.nextInt(5); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(codec.decode(new Encoded.Binary(bytes)).commands())
                    .as("seed %s, frame %s", seed, i)
                    .hasSizeLessThanOrEqualTo(frame.length);
        }
    }
}
