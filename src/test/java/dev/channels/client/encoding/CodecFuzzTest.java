package dev.channels.client.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.protocol.Codec;
import dev.channels.client.protocol.Command;
import dev.channels.client.protocol.Decoded;
import dev.channels.client.protocol.Encoded;
import dev.channels.client.protocol.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** No input makes anything but the protocol's own error. */
class CodecFuzzTest {

    private static final Codec JSON = Codecs.json();
    private static final Codec PROTOBUF = Codecs.protobuf();

    /** Decodes, which must not throw, and looks at what must hold of every frame. */
    private static void decode(Codec codec, Encoded frame) {
        Decoded decoded = codec.decode(frame);
        assertThat(decoded.commands().isEmpty() && decoded.fault() == null).isFalse();
        for (Command command : decoded.commands()) {
            assertThat(command.id()).isBetween(0L, 4294967295L);
            boolean needsNone =
                    command.request() instanceof Request.Pong
                            || command.request() instanceof Request.Send;
            assertThat(command.id() > 0 || needsNone).isTrue();
        }
    }

    @Provide
    Arbitrary<String> jsonLike() {
        Arbitrary<String> token =
                Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\n",
                        " ",
                        "\"",
                        "\\",
                        "null",
                        "true",
                        "0",
                        "-1",
                        "1e9",
                        "4294967296",
                        "\"id\"",
                        "\"id\":1",
                        "\"connect\":",
                        "\"subscribe\":{",
                        "\"channel\":\"a\"",
                        "\"data\":",
                        "\"subs\":{\"a\":",
                        "\"headers\":{",
                        "\"b\"",
                        "\"since\":",
                        "\"\\ud800\"",
                        "\u0000",
                        "\uFEFF",
                        "\uD83D",
                        "\"limit\":-1",
                        "\t",
                        "\r");
        return token.list().ofMaxSize(40).map(tokens -> String.join("", tokens));
    }

    @Property(tries = 5000)
    void anyTokensAreCommandsOrAFault(@ForAll("jsonLike") String frame) {
        decode(JSON, new Encoded.Text(frame));
    }

    @Property
    void anyTextIsCommandsOrAFault(@ForAll String frame) {
        decode(JSON, new Encoded.Text(frame));
    }

    @Property(tries = 5000)
    void anyBytesAreCommandsOrAFault(@ForAll byte[] frame) {
        decode(PROTOBUF, new Encoded.Binary(frame));
    }

    @Property(tries = 2000)
    void anyChangeToACommandIsReadOrAFault(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        byte[] command = new RandomMessages(seed).command().toByteArray();
        Random random = new Random(seed);
        byte[] framed = framed(command);
        for (int i = 0; i < changes; i++) {
            framed[random.nextInt(framed.length)] = (byte) random.nextInt();
        }
        decode(PROTOBUF, new Encoded.Binary(framed));
        decode(PROTOBUF, new Encoded.Binary(Arrays.copyOf(framed, random.nextInt(framed.length))));
    }

    private static byte[] framed(byte[] message) {
        byte[] frame = new byte[message.length + 3];
        frame[0] = (byte) (message.length & 0x7F | 0x80);
        frame[1] = (byte) (message.length >> 7 & 0x7F | 0x80);
        frame[2] = (byte) (message.length >> 14);
        System.arraycopy(message, 0, frame, 3, message.length);
        return frame;
    }

    @Property
    void aFrameCutAnywhereKeepsTheCommandsBeforeTheCut(@ForAll long seed) {
        byte[] one = framed(new RandomMessages(seed).command().toByteArray());
        byte[] two = framed(new RandomMessages(seed + 1).command().toByteArray());
        Random random = new Random(seed);
        int left = 1 + random.nextInt(two.length - 1);
        byte[] frame = Arrays.copyOf(one, one.length + left);
        System.arraycopy(two, 0, frame, one.length, left);
        Decoded whole = PROTOBUF.decode(new Encoded.Binary(one));
        Decoded cut = PROTOBUF.decode(new Encoded.Binary(frame));
        assertThat(cut.fault()).isNotNull();
        assertThat(cut.commands()).isEqualTo(whole.commands()).hasSize(1);
    }

    @Property
    void twoFramesAreOne(@ForAll List<@IntRange(max = 1000) Integer> seeds) {
        for (Codec codec : List.of(JSON, PROTOBUF)) {
            List<Encoded> messages =
                    seeds.stream()
                            .map(
                                    seed ->
                                            codec.encode(
                                                    new RandomMessages(seed).serverMessage(codec)))
                            .toList();
            if (messages.size() < 2) {
                continue;
            }
            Encoded head = codec.frame(messages.subList(0, 1));
            Encoded tail = codec.frame(messages.subList(1, messages.size()));
            Encoded joined = codec.frame(List.of(head, tail));
            Encoded whole = codec.frame(messages);
            if (whole instanceof Encoded.Text text) {
                assertThat(joined).isEqualTo(text);
                assertThat(text.text().split("\n", -1)).hasSameSizeAs(messages);
            } else {
                assertThat(((Encoded.Binary) joined).bytes())
                        .isEqualTo(((Encoded.Binary) whole).bytes());
            }
        }
    }
}
